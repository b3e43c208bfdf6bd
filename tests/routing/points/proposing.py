"""Campaigns whose checklists are generated, and runs that propose them in this process."""

from typing import Any

from annotate import jobs
from annotate.campaigns import change_state
from annotate.models import Assignment, Campaign, User
from routing.creating import create_judge
from routing.models import Judge, JudgeRun, Proposal
from routing.points.running import run_generation, start_generation
from tests.factories import import_rows, make_campaign

CHECKS: dict[str, Any] = {
    "name": "checks",
    "kind": "checklist",
    "shows": "each",
    "config": {"points_from": "item", "generated": True},
}
TYPED: list[dict[str, Any]] = [{"key": "p1", "text": "Is it short?", "weight": 2, "fatal": True}]


def rows(*prompts: str) -> list[dict[str, Any]]:
    return [
        {"key": f"r{n}", "prompt": prompt, "completions": [{"key": "a", "text": "The SECRET answer."}]}
        for n, prompt in enumerate(prompts)
    ]


def waiting_campaign(user: User, *prompts: str, questions: Any = (CHECKS,), **spec: Any) -> Campaign:
    campaign = make_campaign(user, questions=questions, **spec)
    given = prompts or ("Why is the sky blue?", "Name a river.", "Translate “cat”.")
    assert import_rows(campaign, rows(*given)).done == len(given)
    return change_state(campaign, "launch")


def writer(campaign: Campaign, name: str = "wanda") -> Judge:
    return create_judge(campaign, {"name": name, "provider": "writing"})


def propose_now(judge: Judge) -> JudgeRun:
    run = start_generation(judge, None, send=False)
    jobs.run(JudgeRun, run.pk, run_generation)
    run.refresh_from_db()
    return run


def proposal_of(judge: Judge, item: str = "r0") -> Proposal:
    return Proposal.objects.select_related("item", "campaign").get(judge=judge, item__key=item)


def slots(campaign: Campaign) -> dict[str, str]:
    """Item → state of its (one) row of the base design."""
    found = Assignment.objects.filter(campaign=campaign, slot__isnull=False).order_by("unit__item__key")
    return dict(found.values_list("unit__item__key", "state"))
