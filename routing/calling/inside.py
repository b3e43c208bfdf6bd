"""Replies from a model in this process: large batches, so that it can sort them by length."""

import time
from collections.abc import Sequence

from annotate.jobs import Handle
from routing.calling.asked import Asked, row_of, storable
from routing.calling.exchange import Exchange, Final
from routing.calling.variants import variant
from routing.judges import Provider, Reply
from routing.models import Judge, JudgeRun

FIRST, SMALLEST, LARGEST = 32, 8, 512
"""Calls in a batch."""
QUICK, SLOW = 3.0, 12.0
"""Seconds: a batch that takes less lets the next be larger, one that takes more makes it smaller."""


class InsideExchange(Exchange):
    """Batches grow while they are quick: a run that is stopped ends with the batch under way."""

    def __init__(self, judge: Judge, run: JudgeRun, handle: Handle, model: Provider) -> None:
        super().__init__(judge, run, handle, model)
        self.queue: list[Asked] = []
        self.size = FIRST

    @property
    def room(self) -> int:
        return max(0, self.size - len(self.queue))

    @property
    def hungry(self) -> bool:
        return len(self.queue) <= self.size // 2

    def _make(self, calls: Sequence[Asked]) -> None:
        self.queue += calls

    def _work(self, timeout: float) -> None:
        if not self.queue:
            time.sleep(min(timeout, 0.1))  # all is being made elsewhere
            return
        batch, self.queue = self.queue[: self.size], self.queue[self.size :]
        started = time.monotonic()
        replies = self._answers(batch)
        self._resize(time.monotonic() - started)
        rows = [row_of(self.judge, self.run, each, reply, cost=0) for each, reply in zip(batch, replies, strict=True)]
        ended = [Final(each, reply, row) for each, reply, row in zip(batch, replies, rows, strict=True)]
        self._store(rows, ended)

    def _answers(self, batch: Sequence[Asked]) -> list[Reply]:
        replies: dict[int, Reply] = {}
        for repeat in sorted({each.repeat for each in batch}):
            asked = [n for n, each in enumerate(batch) if each.repeat == repeat]
            given = variant(self.model, repeat).answer([batch[n].call.request for n in asked])
            replies.update((n, storable(reply)) for n, reply in zip(asked, given, strict=True))
        return [replies[n] for n in range(len(batch))]

    def _resize(self, seconds: float) -> None:
        if seconds < QUICK:
            self.size = min(LARGEST, self.size * 2)
        elif seconds > SLOW:
            self.size = max(SMALLEST, self.size // 2)
