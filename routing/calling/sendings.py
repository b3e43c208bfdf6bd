"""One attempt on its way to a server, and what became of it. Nothing here waits or stores."""

import logging
import math
from dataclasses import dataclass, replace

from routing.calling.asked import Asked, row_of, storable
from routing.calling.attempts import Attempt, Following, Outcome, following, outcome_of, tokens_named
from routing.calling.money import Price, cost, worst_case
from routing.calling.sending import HttpReply
from routing.calling.variants import redrawn
from routing.calling.waits import Waits
from routing.judges import Reply
from routing.judges.remote import Outgoing, Received, RemoteProvider
from routing.models import Judge, JudgeCall, JudgeRun

log = logging.getLogger(__name__)
USUAL_ANSWER = 256
"""Tokens of answer that a call is thought to take, where it may take more."""
FEWEST_CHARACTERS = 3
"""Bytes of text to a token, at the least that is usual."""
ROOM = ("max_tokens", "max_completion_tokens")
"""Where a request says how long its answer may be."""
TURNED_AWAY = {
    401: "the server does not accept the key",
    402: "the server wants to be paid first",
    403: "the server does not allow this key to use the model",
    404: "the server knows no such address or model",
}


@dataclass(eq=False, slots=True)
class Sending:
    """An attempt, written. `reserved` is what it may cost at most, `tokens` what it is thought to take.

    `tries_circuit`: it is the one that an open circuit lets through.
    """

    asked: Asked
    attempt: Attempt
    model: RemoteProvider
    outgoing: Outgoing
    reserved: int
    tokens: int
    tries_circuit: bool = False


def written(asked: Asked, attempt: Attempt, model: RemoteProvider, price: Price | None) -> Sending:
    """The attempt as it is sent."""
    used = redrawn(model) if attempt.resampled else model
    assert isinstance(used, RemoteProvider)
    outgoing = used.write(asked.call.request, attempt.rung, attempt.max_tokens, attempt.repair)
    most = max(int(outgoing.body.get(name) or 0) for name in ROOM) or attempt.max_tokens
    tokens = sum(len(m["content"]) for m in asked.call.request.messages) // 3 + min(most, USUAL_ANSWER)
    return Sending(asked, attempt, model, outgoing, worst_case(price, outgoing, most), tokens)


def beyond_context(asked: Asked, model: RemoteProvider) -> Reply | None:
    """The reply to a call that the model cannot read in whole, as its setting `context` says; None where it can.

    Tokens are guessed from the characters on the safe side: a server that cuts in silence tells nobody.
    """
    context = model.config.get("context")
    if not context:
        return None
    room = int(model.config["max_tokens"])
    characters = sum(len(message["content"].encode("utf-8", "replace")) for message in asked.call.request.messages)
    needed, allowed = math.ceil(characters / FEWEST_CHARACTERS), context - min(room, context // 2)
    if needed <= allowed:
        return None
    error = f"the prompt takes about {needed} tokens, and {allowed} of {context} are left beside the answer"
    return Reply("truncated", raw={"error": error, "too_long": True, "needed": needed, "allowed": allowed})


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came of a sending: its class, the reply of this attempt, and what follows; None where the call ends."""

    sending: Sending
    http: HttpReply
    outcome: Outcome
    reply: Reply
    then: Following | None

    @property
    def tokens(self) -> int:
        """The tokens that the server says it used; 0 where it says nothing."""
        return self.reply.prompt_tokens + self.reply.completion_tokens

    @property
    def answered(self) -> bool:
        """Whether the model said something, be it of no use."""
        return self.outcome in ("ok", "cut", "parse_error", "refusal")

    def spent(self, price: Price | None) -> int | None:
        """What it cost, None where the price is not known.

        Where nobody knows, that is what was reserved for it; what the server turned away cost nothing.
        """
        if price is None:
            return None
        if self.tokens:
            return cost(price, self.reply.prompt_tokens, self.reply.completion_tokens)
        turned_away = 300 <= self.http.status < 500 or self.http.error == "refused_address"
        return 0 if turned_away else self.sending.reserved

    def hopeless(self, waits: Waits, worked_before: bool) -> str:
        """Why the run had better rest, in words: a server that would turn every call away is not sent them all."""
        wait = self.http.retry_after or 0
        if self.outcome == "busy" and wait > waits.longest_wait:
            return f"asks to wait {max(1, round(wait / 60))} minutes; resume after that"
        status, error = self.http.status, self.http.error
        if self.outcome == "rejected" and not worked_before and (status in TURNED_AWAY or error):
            why = TURNED_AWAY.get(status, "the address is refused")
            return f"{why} ({self.http.text[:300] or status}); set it right and resume"
        return ""

    def row(self, judge: Judge, run: JudgeRun, then: str) -> JudgeCall:
        """The row of the attempt; `then` says what follows it, empty where the call ends here."""
        row = row_of(judge, run, self.sending.asked, self.reply, cost=self.spent(judge.price))
        return _described(row, self.sending, then)


def arrival(sending: Sending, http: HttpReply, waits: Waits) -> Arrival:
    """Reads what came and decides what follows."""
    received = None
    if http.status == 200 and not http.error and isinstance(http.payload, dict):
        received = _read(sending, http.payload)
    outcome = outcome_of(http, received)
    reply = storable(_reply(http, received, outcome))
    text, problem = received.text if received else "", str(reply.raw.get("error", ""))
    then = following(sending.attempt, outcome, text, problem, http.retry_after, waits)
    return Arrival(sending, http, outcome, reply, then)


def _read(sending: Sending, payload: dict[str, object]) -> Received:
    """What the provider makes of it. A provider's mistake fails this attempt, never the run."""
    try:
        received = sending.model.read(sending.asked.call.request, sending.attempt.rung, payload)
        storable(received.reply)
        return received
    except Exception as error:
        log.exception("the provider %s could not read a reply", sending.model.name)
        return Received(Reply.failed("provider_error", f"the reply could not be read: {type(error).__name__}"))


def stopped_row(judge: Judge, run: JudgeRun, sending: Sending) -> JudgeCall:
    """The row of an attempt that was given up while it was under way: it may have been billed."""
    reply = Reply.failed("provider_error", "the run was stopped while this was under way")
    spent = None if judge.price is None else sending.reserved
    return _described(row_of(judge, run, sending.asked, reply, cost=spent), sending, "stopped")


def _described(row: JudgeCall, sending: Sending, then: str) -> JudgeCall:
    attempt = sending.attempt
    row.rung = attempt.rung
    row.raw = {**row.raw, "next": then} if then else row.raw
    row.request["max_tokens"] = attempt.max_tokens
    if attempt.repair:
        row.request["repair"] = {"text": attempt.repair.text, "problem": attempt.repair.problem}
    if attempt.resampled:
        row.request["resampled"] = True
    return row


def _reply(http: HttpReply, received: Received | None, outcome: Outcome) -> Reply:
    if received is not None:
        return replace(received.reply, seconds=http.seconds)
    where = f"status {http.status}" if http.status else http.error
    error = f"{where}: {http.text}" if http.text else where
    raw: dict[str, object] = {"error": error, "http_status": http.status}
    if outcome != "too_long":
        return Reply("provider_error", seconds=http.seconds, raw=raw)
    needed, allowed = tokens_named(http.text) or (None, None)
    raw |= {"too_long": True, "needed": needed, "allowed": allowed}
    return Reply("truncated", seconds=http.seconds, raw=raw)
