"""Campaigns whose pairs people have labelled, with a judge whose confidence is known."""

import random
from collections.abc import Callable
from typing import Any

from annotate import jobs
from annotate.campaigns import change_state
from annotate.models import Campaign, User
from routing.judging import run_judge
from routing.models import Judge, JudgeRun, Verdict
from tests.factories import PAIRWISE, import_rows, make_campaign
from tests.routing.judged import make_judge, run_now

QUESTION = PAIRWISE["name"]
PILOT = 60
"""How many items people have labelled before a cascade begins."""
Labels = Callable[[int], str | None]


def rows(numbers: range, label: Labels | None) -> list[dict[str, Any]]:
    """Pairs; with `label` a person has named a completion of each, or a tie."""
    return [
        {
            "key": f"r{number}",
            "prompt": f"Question {number}?",
            "completions": [{"key": key, "text": f"Answer {key} to {number}"} for key in "ab"],
            "annotations": [
                {"annotator": "pia", "kind": "human", "answers": {QUESTION: {"preferred": label(number)}}},
            ]
            if label
            else [],
        }
        for number in numbers
    ]


def labelled_campaign(user: User, count: int, label: Labels, **spec: Any) -> Campaign:
    campaign = make_campaign(user, **spec)
    assert import_rows(campaign, rows(range(count), label)).done == count
    return change_state(campaign, "launch")


def sure_judge(campaign: Campaign, name: str = "judy") -> Judge:
    """A judge that has run over the campaign."""
    judge = make_judge(campaign, rule="hash", name=name)
    run_now(judge)
    return judge


def say(judge: Judge, verdict: Callable[[int], tuple[str | None, float]]) -> None:
    """Has the judge's verdicts say (preferred, confidence) by the number of the item."""
    for each in Verdict.objects.filter(judge=judge).select_related("assignment__unit__item"):
        number = int(each.assignment.unit.item.key.removeprefix("r"))
        preferred, confidence = verdict(number)
        each.status, each.answer, each.confidence = "ok", {"preferred": preferred}, confidence
        each.save(update_fields=["status", "answer", "confidence"])


def orders(judge: Judge, given: Callable[[int], tuple[float, float]]) -> None:
    """Has the judge's verdicts say P(first slot) in both orders by the number of the item."""
    for each in Verdict.objects.filter(judge=judge).select_related("assignment__unit__item"):
        s1, s2 = given(int(each.assignment.unit.item.key.removeprefix("r")))
        each.details = {**each.details, "s1": s1, "s2": s2}
        each.save(update_fields=["details"])


def drawn(seed: int, count: int) -> list[float]:
    """Numbers from 0 to 1."""
    return [random.Random(seed * 10_000 + n).random() for n in range(count)]


def work_off(judge: Judge) -> None:
    """Does the runs of the judge that are queued."""
    for run in JudgeRun.objects.filter(judge=judge, state=JudgeRun.State.QUEUED):
        jobs.run(JudgeRun, run.pk, run_judge)
