"""Campaigns with imported votes of any kind of question, and their consensus by the key of the item."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.consensus.deciding import Outcome, decide
from annotate.consensus.rows import Row
from annotate.frames import Frames
from annotate.models import Campaign, Unit, User
from tests.factories import import_rows, make_campaign


def said_item(
    key: str, *said: tuple[str, Any], question: str = "q", keys: str = "ab", **changes: Any
) -> dict[str, Any]:
    """An item about which annotators said: (name, answer); a name that begins with "judge" is one."""
    annotations = [
        {"annotator": name, "kind": "judge" if name.startswith("judge") else "human", "answers": {question: answer}}
        for name, answer in said
    ]
    completions = [{"key": side, "text": f"{key} says {side}."} for side in keys]
    return {"key": key, "prompt": f"Prompt {key}", "completions": completions, "annotations": annotations} | changes


def said(
    user: User, question: Mapping[str, Any], items: Sequence[dict[str, Any]], slug: str = "said", **spec: Any
) -> Campaign:
    spec = {"overlap": 5} | spec
    campaign = make_campaign(user, slug, [{"name": "q", "shows": "all", **question}], **spec)
    job = import_rows(campaign, items)
    assert job.done == len(items), list(job.errors.values())
    return campaign


def outcome_of(campaign: Campaign, question: str = "q", by: str | None = None) -> Outcome:
    return decide(Frames(campaign), question, by)


def by_item(found: Outcome) -> dict[str, Row]:
    """The row of each unit, by its item's key; of several units of an item the last."""
    keys = dict(Unit.objects.filter(pk__in=found.unit.tolist()).values_list("pk", "item__key"))
    return {keys[unit]: found.rows[code] for unit, code in zip(found.unit.tolist(), found.code.tolist(), strict=True)}
