"""Getting replies for calls: from the cache, from whoever is making the same call now, or by making it.

`start` takes calls on and `finished` gives those back that have their final reply, as they come. Every attempt is
stored before anybody sees its reply.
"""

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from django.db import IntegrityError, transaction

from annotate.jobs import Handle
from routing.calling.asked import Asked, copy_of, reply_of
from routing.calling.flights import RENEWED_AFTER, Flights, replies_stored
from routing.judges import Provider, Reply
from routing.models import Judge, JudgeCall, JudgeRun

log = logging.getLogger(__name__)
LOOKED_AFTER = 0.5
"""Seconds between looks at a call that another process is making."""
ALIVE_AFTER = 1.0


@dataclass(frozen=True, slots=True)
class Final:
    """The end of a call: its reply, and the row that holds it. `made`: by this call rather than found."""

    asked: Asked
    reply: Reply
    source: JudgeCall
    made: bool = True


class Exchange(ABC):
    """The calls of one run. Equal ones are made once: the first leads, the others take its reply."""

    def __init__(self, judge: Judge, run: JudgeRun, handle: Handle, model: Provider) -> None:
        self.judge, self.run, self.handle, self.model = judge, run, handle, model
        # The run's own name: a process that takes the run over has what the dead one held.
        self.holder = f"run {run.pk}"
        self.flights = Flights(judge.campaign.organisation_id, self.holder)
        self.equal: dict[str, list[Asked]] = {}
        self.elsewhere: list[Asked] = []
        self.done: list[Asked] = []
        self.alive_at = self.looked_at = self.renewed_at = time.monotonic()

    @property
    @abstractmethod
    def room(self) -> int:
        """How many more calls can be taken on now."""

    @property
    @abstractmethod
    def hungry(self) -> bool:
        """Whether more should be taken on, so that it does not run dry."""

    @abstractmethod
    def _make(self, calls: Sequence[Asked]) -> None:
        """Takes on calls that this process makes."""

    @abstractmethod
    def _work(self, timeout: float) -> None:
        """Goes on for about so long, or until a call has its final reply."""

    def start(self, calls: Iterable[Asked]) -> None:
        """Takes calls on. Any number may be given."""
        leading = []
        for each in calls:
            each.started = True
            same = self.equal.setdefault(each.digest, [])
            same.append(each)
            if len(same) == 1:
                leading.append(each)
        if leading:
            self._begin(leading)

    @property
    def under_way(self) -> int:
        """How many different calls are not final yet."""
        return len(self.equal)

    def finished(self, timeout: float = 0.5) -> list[Asked]:
        """The calls that are final since the last time; waits for some where there are none, for a while."""
        self._tick()
        if not self.done and self.equal:
            self._work(timeout)
        found, self.done = self.done, []
        return found

    def ask(self, calls: Sequence[Asked]) -> None:
        """Gets replies for all of these."""
        self.start(calls)
        while self.equal or self.done:
            self.finished()

    def _begin(self, calls: Sequence[Asked]) -> None:
        mine = self.flights.take({each.digest for each in calls})
        # In this order: whoever made a call before we took its flight has stored its reply.
        stored = replies_stored(self.flights.organisation, [each.digest for each in calls])
        known = [Final(each, reply_of(row), row, False) for each in calls if (row := stored.get(each.digest))]
        if known:
            self._store([], known)
        missing = [each for each in calls if each.digest not in stored]
        self.elsewhere += [each for each in missing if each.digest not in mine]
        if made := [each for each in missing if each.digest in mine]:
            self._make(made)

    def _tick(self) -> None:
        """Says that the run lives, and finds out whether it is to stop; looks at what others are making."""
        now = time.monotonic()
        if now - self.alive_at > ALIVE_AFTER:
            self.alive_at = now
            self.handle.progress()
        if now - self.renewed_at > RENEWED_AFTER:
            self.renewed_at = now
            self.flights.renew()
        if self.elsewhere and now - self.looked_at > LOOKED_AFTER:
            self.looked_at = now
            waiting, self.elsewhere = self.elsewhere, []
            self._begin(waiting)

    def _store(self, rows: Sequence[JudgeCall], ended: Sequence[Final]) -> None:
        """Stores attempts, and ends calls.

        Calls that are equal to one that ends take its reply; their rows, and that of a call whose reply was
        there before, name its row.
        """
        with transaction.atomic():
            _insert(rows)
            _insert(
                [
                    copy_of(self.judge, self.run, each, final.source)
                    for final in ended
                    for each in self.equal[final.asked.digest]
                    if not (final.made and each is final.asked)
                ]
            )
            self.flights.land([final.asked.digest for final in ended])
            self._along()
        for final in ended:
            for each in self.equal.pop(final.asked.digest):
                each.reply = final.reply
                self.done.append(each)

    def _along(self) -> None:
        """What else belongs into the transaction that stores attempts: here nothing."""
        return

    def close(self) -> None:
        """Gives up what is not final; safe to call after anything went wrong."""
        self.flights.land_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self.close()
        except Exception:
            if error is None:
                raise
            log.exception("the calls of %s could not be laid down in order", self.run)


def _insert(rows: Sequence[JudgeCall]) -> None:
    """Stores rows; where another process has stored a good reply to the same call, that one stands."""
    if not rows:
        return
    try:
        with transaction.atomic():
            JudgeCall.objects.bulk_create(rows)
    except IntegrityError:
        for row in rows:
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
            except IntegrityError:
                log.warning("call %s of assignment %s is stored already", row.request_digest, row.assignment_id)
