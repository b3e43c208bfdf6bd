"""A judge run in words: what state it is in and what to do about it, what was tried and what failed."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max

from annotate.models import Job
from routing.models import JudgeCall, JudgeRun

State = Job.State
TITLES = {State.OUT_OF_BUDGET: "out of budget"}
FAILURES = {
    "provider_error": "the server or the model failed",
    "parse_error": "the reply could not be read",
    "refusal": "the model declined",
    "truncated": "a text or a reply was too long",
    "abstain": "the judge did not decide",
}


@dataclass(frozen=True, slots=True)
class RunState:
    """`title` is the state; `note` says why and what to do, where there is something to say."""

    title: str
    note: str
    look: str = ""
    can_pause: bool = False
    can_resume: bool = False

    @property
    def is_live(self) -> bool:
        """Whether it changes by itself, so that the page asks again."""
        return self.can_pause


def state_of(run: JudgeRun) -> RunState:
    title = TITLES.get(State(run.state), run.state)
    reason = run.error.rstrip(".")
    why = f"{reason[:1].upper()}{reason[1:]}." if reason else ""
    match run.state:
        case State.PAUSED:
            note = f"{why or 'Paused by hand.'} What it has answered stays; resume it to go on where it stopped."
            return RunState(title, note, "warning", can_resume=True)
        case State.OUT_OF_BUDGET:
            return RunState(title, f"{why} Its answers stay.".strip(), "warning", can_resume=True)
        case State.FAILED:
            return RunState(title, why, "error")
        case State.CANCELLED:
            return RunState(title, "Its answers stay; a new run asks only what is missing.")
        case State.QUEUED | State.RUNNING:
            return RunState(title, "", can_pause=True)
    return RunState(title, why)


def attempts(run: JudgeRun) -> dict[str, Any]:
    """How many calls the run made, how many replies it found stored, and what failed, by reason with an example."""
    calls = JudgeCall.objects.filter(run=run)
    rows = calls.order_by().values("status").annotate(n=Count("pk"), newest=Max("pk"), stored=Count("taken_from"))
    found = {row["status"]: row for row in rows}
    failed = {status: row for status, row in found.items() if status != "ok"}
    examples = dict(calls.filter(pk__in=[row["newest"] for row in failed.values()]).values_list("status", "raw__error"))
    return {
        "lost": sum(row["n"] for row in failed.values()),
        "made": sum(row["n"] - row["stored"] for row in found.values()),
        "stored": sum(row["stored"] for row in found.values()),
        "failed": [
            {"reason": FAILURES.get(status, status), "n": row["n"], "example": str(examples.get(status) or "")}
            for status, row in sorted(failed.items())
        ],
    }
