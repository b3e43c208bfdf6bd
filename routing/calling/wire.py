"""An event loop in a thread of its own that sends requests and hands back what came; it never touches the database."""

import asyncio
import heapq
import itertools
import queue
import threading
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

from routing.calling.sending import HttpReply, Sender
from routing.judges.remote import Outgoing

T = TypeVar("T")
LINGER = 0.03
"""Seconds for which a group of replies gathers, so that they are stored together."""
STOPS_WITHIN = 5.0


class Wire:
    """Sends what it is given, at most `limit` at once, each not before its time."""

    def __init__(self, sender: Sender, limit: int) -> None:
        self.sender, self.limit = sender, limit
        self.came: queue.SimpleQueue[tuple[int, HttpReply]] = queue.SimpleQueue()
        self.under_way: dict[int, asyncio.Task[None]] = {}
        self.waiting: list[tuple[float, int, int, Outgoing, float]] = []
        self.order = itertools.count()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="calls", daemon=True)
        self.thread.start()

    def put(self, batch: list[tuple[int, Outgoing, float, float]]) -> None:
        """Takes (key, what to send, its timeout, seconds from now before which it may not start)."""
        now = self.loop.time()
        entries = [(now + delay, next(self.order), key, out, timeout) for key, out, timeout, delay in batch]
        self.loop.call_soon_threadsafe(self._take_in, entries)

    def allow(self, limit: int) -> None:
        if limit != self.limit:
            self.limit = limit
            self.loop.call_soon_threadsafe(self._pump)

    def take(self, timeout: float, gather: int = 1) -> list[tuple[int, HttpReply]]:
        """What has come; waits for the first, and then a moment for `gather` of them."""
        found: list[tuple[int, HttpReply]] = []
        deadline = time.monotonic() + timeout
        while len(found) < gather or not self.came.empty():
            try:
                found.append(self.came.get(timeout=max(0.0, deadline - time.monotonic())))
            except queue.Empty:
                break
            if len(found) == 1:
                deadline = min(deadline, time.monotonic() + LINGER)
        return found

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs something in the loop and waits for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def close(self) -> set[int]:
        """Stops at once; returns the keys of what was sent and not answered. What came by then can still be taken."""
        left = asyncio.run_coroutine_threadsafe(self._stop(), self.loop).result(STOPS_WITHIN)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(STOPS_WITHIN)
        self.loop.close()
        return left

    def _take_in(self, entries: list[tuple[float, int, int, Outgoing, float]]) -> None:
        for entry in entries:
            heapq.heappush(self.waiting, entry)
        self._pump()

    def _pump(self) -> None:
        while self.waiting and len(self.under_way) < self.limit:
            early = self.waiting[0][0] - self.loop.time()
            if early > 0:
                self.loop.call_later(early, self._pump)
                break
            _, _, key, outgoing, timeout = heapq.heappop(self.waiting)
            self.under_way[key] = self.loop.create_task(self._send(key, outgoing, timeout))

    async def _send(self, key: int, outgoing: Outgoing, timeout: float) -> None:
        try:
            reply = await self.sender.send(outgoing, timeout)
        except Exception as error:
            reply = HttpReply(0, None, f"{type(error).__name__}: {error}", None, 0.0, "connection")
        del self.under_way[key]
        self.came.put((key, reply))
        self._pump()

    async def _stop(self) -> set[int]:
        self.waiting.clear()
        left = set(self.under_way)
        tasks = list(self.under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=1) if tasks else None
        await self.sender.close()
        return left
