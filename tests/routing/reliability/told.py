"""Hand-worked verdict tables: campaigns whose judge says what the table says, and whose people are imported."""

import json
from collections.abc import Sequence
from typing import Any

from annotate import jobs
from annotate.campaigns import change_state
from annotate.importing.run import keep_upload
from annotate.models import Campaign, ImportJob, User
from routing.models import Judge
from routing.reliability.report import full_report
from routing.verdicts_import.running import import_verdicts, start_verdict_import
from tests.factories import PAIRWISE_PAIR, import_rows, make_campaign
from tests.routing.judged import make_judge, run_now

Told = tuple[str, str]
"""What the judge says of a pair, as the provider `told` reads it, and what each person says: a, b or = for a tie."""

LONG = " and so on, at length"


def told_campaign(user: User, table: Sequence[Told], slug: str = "told", **item: Any) -> Campaign:
    """A launched campaign of pairs of the one view; `item` is added to every row, but for a list: one to each."""
    campaign = make_campaign(user, slug, [PAIRWISE_PAIR], overlap=3)
    rows = []
    for number, (said, people) in enumerate(table):
        annotations = [
            {"annotator": f"p{n}", "kind": "human", "answers": {"better": preferred(side)}}
            for n, side in enumerate(people)
        ]
        texts = {"a": said, "b": f"words{LONG}" if number % 2 == 0 else "w"}
        own = {key: value[number] if isinstance(value, list) else value for key, value in item.items()}
        rows.append(
            {
                "key": f"r{number}",
                "prompt": f"Prompt {number}",
                "completions": [{"key": key, "text": text} for key, text in texts.items()],
                "annotations": annotations,
                **{key: value for key, value in own.items() if value is not None},
            }
        )
    job = import_rows(campaign, rows)
    assert job.done == len(rows), list(job.errors.values())
    return change_state(campaign, "launch")


def preferred(side: str) -> dict[str, Any]:
    return {"preferred": None if side == "=" else side}


def told_judge(user: User, table: Sequence[Told], slug: str = "told", **item: Any) -> Judge:
    """A judge that has answered all of the table."""
    judge = make_judge(told_campaign(user, table, slug, **item), "told")
    run_now(judge)
    return judge


def question_of(judge: Judge, name: str = "better") -> dict[str, Any]:
    return next(each for each in full_report(judge)["questions"] if each["question"] == name)


def imported(campaign: Campaign, *rows: dict[str, Any]) -> Judge:
    """The judge `elsewhere` with these verdicts, imported as a file of them is."""
    content = "\n".join(json.dumps({"judge": "elsewhere", **row}) for row in rows).encode()
    job = start_verdict_import(campaign, None, keep_upload([content], "verdicts.jsonl"), "verdicts.jsonl", send=False)
    jobs.run(ImportJob, job.pk, import_verdicts)
    job.refresh_from_db()
    assert job.done == len(rows), list(job.errors.values())
    return Judge.objects.get(campaign=campaign, annotator__name="elsewhere")
