"""Campaigns that judges work on, and runs in this process through the real job."""

from typing import Any

from annotate import jobs
from annotate.campaigns import change_state
from annotate.models import Annotation, Assignment, Campaign, User
from routing.creating import create_judge
from routing.judging import run_judge, start_run
from routing.models import Judge, JudgeRun
from tests.factories import PAIRWISE_PAIR, RATING_EACH, import_rows, make_campaign, pair_rows

TEXT = {"name": "why", "kind": "text", "shows": "all"}


def judged_campaign(user: User, texts: list[tuple[str, str]] | int = 3, *questions: Any, **spec: Any) -> Campaign:
    """A launched campaign of pairs, rated each and compared unless other questions are given."""
    rows = pair_rows(texts) if isinstance(texts, int) else [pair_row(i, pair) for i, pair in enumerate(texts)]
    campaign = make_campaign(user, questions=questions or (RATING_EACH, PAIRWISE_PAIR), **spec)
    assert import_rows(campaign, rows).done == len(rows)
    return change_state(campaign, "launch")


def pair_row(number: int, texts: tuple[str, str]) -> dict[str, Any]:
    completions = [{"key": key, "text": text} for key, text in zip("ab", texts, strict=True)]
    return {"key": f"r{number}", "prompt": f"Question {number}?", "completions": completions}


def make_judge(campaign: Campaign, provider: str = "scripted", name: str = "judy", **config: Any) -> Judge:
    return create_judge(campaign, {"name": name, "provider": provider, "config": config})


def run_now(judge: Judge) -> JudgeRun:
    """A run, worked off in this process; it has ended when this returns."""
    run = start_run(judge, None, send=False)
    work_on(run)
    return run


def work_on(run: JudgeRun) -> None:
    jobs.run(JudgeRun, run.pk, run_judge)
    run.refresh_from_db()


def counts(run: JudgeRun) -> tuple[str, int, int, int | None]:
    return run.state, run.done, run.failed, run.total


def annotated(judge: Judge) -> list[tuple[str, list[str], dict[str, Any]]]:
    """Item, shown keys and answers of each of the judge's annotations."""
    rows = Annotation.objects.filter(annotator=judge.annotator).order_by("unit__item__key", "unit_id")
    return [(row.unit.item.key, row.unit.keys, row.answers) for row in rows]


def leased(judge: Judge) -> int:
    return Assignment.objects.filter(annotator=judge.annotator, state=Assignment.State.LEASED).count()
