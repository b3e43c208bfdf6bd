"""Campaigns that verdicts are imported into, and imports in this process."""

import json
from collections.abc import Sequence
from typing import Any

from annotate import jobs
from annotate.campaigns import change_state
from annotate.importing.run import keep_upload, run_import
from annotate.models import Campaign, ImportJob, User
from routing.models import Verdict
from routing.verdicts_import.running import start_verdict_import
from tests.factories import PAIRWISE, import_rows, make_campaign, pair_rows

BOTH: dict[str, Any] = {
    "judge": "gpt",
    "item": "r0",
    "question": "overall",
    "orders": [
        {"first": "a", "preferred": "a", "probability": 0.9},
        {"first": "b", "preferred": "a", "probability": 0.3},
    ],
}


def judged(user: User, *questions: Any, items: int = 3, completions: int = 2) -> Campaign:
    campaign = make_campaign(user, questions=questions or (PAIRWISE,))
    assert import_rows(campaign, pair_rows(items, completions)).done == items
    return change_state(campaign, "launch")


def import_verdicts(campaign: Campaign, rows: Sequence[Any]) -> ImportJob:
    return import_content(campaign, "\n".join(json.dumps(row) for row in rows).encode())


def import_content(campaign: Campaign, content: bytes, name: str = "verdicts.jsonl") -> ImportJob:
    job = start_verdict_import(campaign, None, keep_upload([content], name), name, send=False)
    jobs.run(ImportJob, job.pk, run_import)
    job.refresh_from_db()
    return job


def counts(job: ImportJob) -> tuple[str, int, int, int]:
    """State, good rows, those of them that were there, rejected rows."""
    return job.state, job.done, job.repeated, job.rejected


def problems(job: ImportJob) -> list[tuple[int, str, str]]:
    return list(job.rejections.values_list("row", "field", "message"))


def only_verdict() -> Verdict:
    return Verdict.objects.select_related("assignment__unit__item", "judge__annotator").get()


def orders(first: Any, second: Any) -> list[dict[str, Any]]:
    """Both orders of a and b, each by the key that was preferred."""
    return [{"first": "a", "preferred": first}, {"first": "b", "preferred": second}]
