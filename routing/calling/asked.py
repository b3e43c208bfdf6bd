"""A call that is to be made, and the row that each attempt at it leaves."""

import json
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from annotate.models import Assignment, Item
from routing.judges import Reply, texts
from routing.models import Judge, JudgeCall, JudgeRun
from routing.protocols import Call


@dataclass(eq=False, slots=True)
class Asked:
    """A call of a judge for a question of an assignment, or for an item; `reply` is there once it is final.

    `digest` names the request with all that decides its answer; `repeat` counts the rounds of asking the same;
    `attempts` are those stored already; `started` says that an exchange has taken it on.
    """

    digest: str
    question: str
    call: Call
    repeat: int = 0
    assignment: Assignment | None = None
    item: Item | None = None
    attempts: int = 0
    started: bool = False
    reply: Reply | None = None

    @property
    def answered(self) -> Reply:
        if self.reply is None:
            raise RuntimeError("the call has not been made")
        return self.reply


def row_of(judge: Judge, run: JudgeRun | None, asked: Asked, reply: Reply, **fields: Any) -> JudgeCall:
    """The unsaved row of one attempt; `fields` are its rung, cost and the like."""
    asked.attempts += 1
    request = asked.call.request
    return JudgeCall(
        **{
            "judge": judge,
            "run": run,
            "assignment": asked.assignment,
            "item": asked.item,
            "question": asked.question,
            "order": asked.call.order,
            "keys": list(asked.call.keys),
            "attempt": asked.attempts - 1,
            "request_digest": asked.digest,
            "request": {"messages": list(request.messages), **request.want.spec()},
            "status": reply.status,
            "probabilities": reply.probabilities,
            "value": reply.value,
            "scores": list(reply.scores),
            "missing": reply.missing,
            "prompt_tokens": reply.prompt_tokens,
            "completion_tokens": reply.completion_tokens,
            "seconds": reply.seconds,
            "raw": reply.raw,
            # Given here: with the database's default, rows cannot be inserted as arrays, which takes much longer.
            "created_at": timezone.now(),
            **fields,
        }
    )


def copy_of(judge: Judge, run: JudgeRun | None, asked: Asked, source: JudgeCall) -> JudgeCall:
    """The row of a call that was answered by another one: it cost nothing."""
    return row_of(judge, run, asked, reply_of(source), seconds=0.0, cost=0, rung=source.rung, taken_from=source)


def reply_of(call: JudgeCall) -> Reply:
    """The stored reply, as the provider gave it."""
    return Reply(
        status=call.status,  # type: ignore[arg-type]
        probabilities=call.probabilities,
        missing=call.missing,
        prompt_tokens=call.prompt_tokens,
        completion_tokens=call.completion_tokens,
        seconds=call.seconds,
        raw=call.raw,
        value=call.value,
        scores=tuple(call.scores),
    )


def storable(reply: Reply) -> Reply:
    """The reply as PostgreSQL can hold it: without NUL, halves of characters and numbers that JSON does not know."""
    written = json.dumps([reply.value, reply.raw])
    if "\\u0000" in written or "\\ud" in written or "NaN" in written or "Infinity" in written:
        value, raw = texts.storable(json.loads(written, parse_constant=lambda _: None))
        return replace(reply, value=value, raw=raw)
    return reply
