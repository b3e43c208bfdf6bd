"""Replies from a model behind HTTP: many calls under way, each attempt paid for, limited, stored and followed up.

This thread plans, stores and decides; the wire's thread only sends.
"""

import heapq
import itertools
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from annotate.jobs import Handle, Rest
from routing.calling import breaker, limits
from routing.calling.asked import Asked, row_of
from routing.calling.attempts import Attempt
from routing.calling.exchange import Exchange, Final
from routing.calling.money import Purse
from routing.calling.probing import ProbeFailed, probe, remember, rung_for
from routing.calling.sending import HttpReply, Sender
from routing.calling.sendings import Arrival, Sending, arrival, beyond_context, stopped_row, written
from routing.calling.slots import RENEWED_AFTER, Share
from routing.calling.variants import variant
from routing.calling.waits import Waits
from routing.calling.wire import Wire
from routing.judges.remote import RemoteProvider
from routing.models import Endpoint, Judge, JudgeCall, JudgeRun

log = logging.getLogger(__name__)
BACKLOG = 2
"""Calls handed to the wire for each that may be under way: a slot that falls free is taken at once."""
AHEAD = 3
"""Calls taken on for each that may be under way."""


@dataclass(slots=True)
class Settlement:
    """What is settled in the transaction that stores attempts."""

    released: int = 0
    spent: int = 0


class OutsideExchange(Exchange):
    """Calls to one endpoint, as many at once as the run's share of it allows."""

    def __init__(
        self, judge: Judge, run: JudgeRun, handle: Handle, model: RemoteProvider, endpoint: Endpoint, waits: Waits
    ) -> None:
        super().__init__(judge, run, handle, model)
        self.remote, self.endpoint, self.waits = model, endpoint, waits
        self.purse = Purse(run, handle.token, judge.price)
        self.settling = Settlement()
        self.ready: list[tuple[float, int, Sending]] = []
        self.sent: dict[int, Sending] = {}
        self.keys = itertools.count()
        self.down_since: float | None = None
        self.last_failure = ""
        self.worked = False
        self.now = limits.standing(endpoint.pk)
        self.share = Share(endpoint, self.holder)
        self.wire = Wire(Sender(endpoint, model), self.share.renew(0))
        self.shared_at = time.monotonic()

    @property
    def room(self) -> int:
        return max(0, AHEAD * max(1, self.share.count) - self.under_way)

    @property
    def hungry(self) -> bool:
        return self.under_way <= BACKLOG * self.share.count

    def _make(self, calls: Sequence[Asked]) -> None:
        self._know_the_server()
        ended = []
        for each in calls:
            model = variant(self.remote, each.repeat)
            assert isinstance(model, RemoteProvider)
            if reply := beyond_context(each, model):
                ended.append(Final(each, reply, row_of(self.judge, self.run, each, reply, cost=0)))
                continue
            rung = rung_for(self.endpoint, str(model.config["model"]), each.call.request)
            self._queue(written(each, Attempt(rung, int(model.config["max_tokens"])), model, self.judge.price))
        if ended:
            self._store([final.source for final in ended], ended)

    def _know_the_server(self) -> None:
        """A model that was never probed at this endpoint is probed now."""
        name = str(self.remote.config["model"])
        for tried in itertools.count(1):
            if name in self.endpoint.capabilities:
                return
            try:
                remember(self.endpoint, name, self.wire.run(probe(self.remote, self.wire.sender.send)))
            except ProbeFailed as error:
                if tried == self.waits.tries:
                    reason = f"{self.endpoint}: {error}; resume when it is set right"
                    raise Rest(JudgeRun.State.PAUSED, reason) from None
                self.handle.progress()
                time.sleep(min(self.waits.longest_delay, self.waits.first_delay * 2**tried))

    def _queue(self, sending: Sending, delay: float = 0.0) -> None:
        heapq.heappush(self.ready, (time.monotonic() + delay, next(self.keys), sending))

    def _work(self, timeout: float) -> None:
        self._dispatch()
        if not self.sent:
            time.sleep(max(0.01, min(timeout, self._next_in(), 0.25)))
            return
        came = self.wire.take(min(timeout, max(0.01, self._next_in())), min(self.share.count, len(self.sent)))
        if came:
            self._receive(came)

    def _next_in(self) -> float:
        """Seconds until something can be sent that waits now."""
        if not self.ready or len(self.sent) >= BACKLOG * self.share.count:
            return 1.0
        return max(self.ready[0][0] - time.monotonic(), self.now.wait - limits.HORIZON)

    def _tick(self) -> None:
        super()._tick()
        if time.monotonic() - self.shared_at > RENEWED_AFTER:
            self.shared_at = time.monotonic()
            self.wire.allow(self.share.renew(len(self.wire.under_way)))

    def _dispatch(self) -> None:
        """Hands to the wire what is due, paid for and within the limits."""
        due = self._due()
        if not due:
            return
        self.now = limits.standing(self.endpoint.pk)
        if self.now.is_open:
            due = self._through_open_circuit(due)
        else:
            self.down_since = None
        due = due[: limits.fitting(self.now, [each.tokens for each in due])]
        paid = self.purse.reserve([each.reserved for each in due]) if due else 0
        if due and not paid and not self.sent:
            raise Rest(JudgeRun.State.OUT_OF_BUDGET, self.purse.reason)
        if paid:
            self._send(due[:paid])

    def _due(self) -> list[Sending]:
        """What may be sent now as far as this run is concerned; it stays in `ready`."""
        free = BACKLOG * self.share.count - len(self.sent)
        moment = time.monotonic()
        return [each for at, _, each in heapq.nsmallest(max(0, free), self.ready) if at <= moment]

    def _send(self, due: Sequence[Sending]) -> None:
        chosen = set(map(id, due))
        self.ready = [entry for entry in self.ready if id(entry[2]) not in chosen]
        heapq.heapify(self.ready)
        starts = limits.grant(self.endpoint.pk, self.now, [each.tokens for each in due])
        batch = []
        for each, start in zip(due, starts, strict=True):
            key = next(self.keys)
            self.sent[key] = each
            batch.append((key, each.outgoing, self._timeout(each), start))
        self.wire.put(batch)

    def _timeout(self, sending: Sending) -> float:
        return min(float(sending.model.config["timeout"]), self.waits.longest_call)

    def _through_open_circuit(self, due: Sequence[Sending]) -> list[Sending]:
        """One call, where it is time to try and nobody else does; else none, and after long the run rests."""
        self.down_since = self.down_since or time.monotonic()
        if time.monotonic() - self.down_since > self.waits.gives_up_after:
            times, last = self.now.failures, self.last_failure or "see its page"
            reason = f"{self.endpoint} has failed {times} times in a row (last: {last}); resume when it is back"
            raise Rest(JudgeRun.State.PAUSED, reason)
        if (self.now.opens_in or 0) > 0 or not breaker.let_one_try(self.endpoint.pk, self._timeout(due[0]) + 1):
            return []
        due[0].tries_circuit = True
        return [due[0]]

    def _receive(self, came: Sequence[tuple[int, HttpReply]]) -> None:
        """Stores what came, with its cost, and follows it up."""
        arrivals = [arrival(self.sent.pop(key), http, self.waits) for key, http in came]
        self.worked = self.worked or any(each.answered for each in arrivals)
        hopeless = [each.hopeless(self.waits, self.worked) for each in arrivals]
        rows: list[JudgeCall] = []
        ended: list[Final] = []
        for each, rest in zip(arrivals, hopeless, strict=True):
            then = "paused" if rest else each.then.why if each.then else ""
            row = each.row(self.judge, self.run, then)
            rows.append(row)
            if not then:
                ended.append(Final(each.sending.asked, each.reply, row))
            elif each.then and not rest:
                sending = each.sending
                self._queue(written(sending.asked, each.then.attempt, sending.model, self.judge.price), each.then.delay)
        self.settling = Settlement(sum(each.sending.reserved for each in arrivals), sum(row.cost or 0 for row in rows))
        self._store(rows, ended)
        self._tell(arrivals)
        if reason := next(filter(None, hopeless), ""):
            raise Rest(JudgeRun.State.PAUSED, f"{self.endpoint}: {reason}")

    def _tell(self, arrivals: Sequence[Arrival]) -> None:
        """Tells the other runs at the endpoint how it does, and how many tokens were used in truth."""
        failed = [each for each in arrivals if each.outcome == "failing"]
        if failed:
            self.last_failure = str(failed[-1].reply.raw.get("error", ""))[:200]
        worked = [each.outcome != "failing" for each in arrivals if each.outcome != "busy"]
        breaker.note(self.endpoint.pk, worked, self.waits, any(each.sending.tries_circuit for each in arrivals))
        surplus = sum(each.tokens - each.sending.tokens for each in arrivals if each.tokens)
        limits.correct(self.endpoint.pk, self.now, surplus)
        wait = max((each.http.retry_after or 0.0 for each in arrivals if each.outcome == "busy"), default=0.0)
        if wait:
            limits.hold_off(self.endpoint.pk, wait)

    def _along(self) -> None:
        self.purse.settle(self.settling.released, self.settling.spent)
        self.settling = Settlement()

    def close(self) -> None:
        """Stops what is under way at once; what it may have cost counts as spent."""
        try:
            self._stop()
        finally:
            self.purse.give_back()
            self.share.leave()
        super().close()

    def _stop(self) -> None:
        cut = self.wire.close()
        try:
            if came := self.wire.take(0, len(self.sent)):
                self._receive(came)
        except Rest as reason:
            log.info("run %s: %s", self.run.pk, reason)
        given_up = [sending for key, sending in self.sent.items() if key in cut]
        rows = [stopped_row(self.judge, self.run, sending) for sending in given_up]
        released = sum(sending.reserved for sending in self.sent.values())
        self.settling = Settlement(released, sum(row.cost or 0 for row in rows))
        self.sent.clear()
        self._store(rows, [])
