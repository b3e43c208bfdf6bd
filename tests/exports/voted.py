"""Campaigns of pairs with imported votes, and exports made in this process through the real job."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from annotate import jobs
from annotate.models import Campaign, User
from exports.build import run_export, start_export
from exports.models import Export
from tests.factories import PAIRWISE, import_rows, make_campaign

Vote = tuple[str, str]
"""Kind and what was said: a, b, = (a tie) or ! (both bad); a digit after a side is the strength."""


def vote(said: str) -> dict[str, Any]:
    if said in "=!":
        return {"preferred": None} | ({"both_bad": True} if said == "!" else {})
    return {"preferred": said[0]} | ({"strength": int(said[1])} if said[1:] else {})


def voted_item(key: str, human: str = "", judge: str = "", question: str = "overall", **changes: Any) -> dict[str, Any]:
    """An item with one annotation per word of `human` and of `judge`."""
    said = [("human", i, word) for i, word in enumerate(human.split())]
    said += [("judge", i, word) for i, word in enumerate(judge.split())]
    annotations = [
        {"annotator": f"{kind}{i}", "kind": kind, "answers": {question: vote(word)}} for kind, i, word in said
    ]
    completions = [{"key": side, "text": f"{key} says {side}"} for side in "ab"]
    return {"key": key, "prompt": f"Prompt {key}", "completions": completions, "annotations": annotations} | changes


def voted(user: User, items: Sequence[dict[str, Any]], slug: str = "voted", **config: Any) -> Campaign:
    campaign = make_campaign(user, slug, [{**PAIRWISE, "config": {"both_bad": True, **config}}], overlap=5)
    job = import_rows(campaign, items)
    assert job.done == len(items), list(job.errors.values())
    return campaign


def make_export(campaign: Campaign, format: str = "preference", file_type: str = "jsonl", **options: Any) -> Export:
    export = start_export(campaign, None, format, file_type, options, send=False)
    work_on(export)
    return export


def work_on(export: Export) -> None:
    jobs.run(Export, export.pk, run_export)
    export.refresh_from_db()


def rows_of(export: Export) -> list[dict[str, Any]]:
    assert export.state == "done", export.error
    if export.file_type == "parquet":
        rows: list[dict[str, Any]] = pq.read_table(export.path).to_pylist()
        return rows
    return [json.loads(line) for line in Path(export.path).read_text(encoding="utf-8").splitlines()]
