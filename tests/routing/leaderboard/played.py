"""Campaigns in which models are compared, imported with their annotations."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.frames import Frames
from annotate.models import Campaign, User
from routing.leaderboard.report import leaderboard
from tests.factories import PAIRWISE_PAIR, import_rows, make_campaign

TIES: dict[str, Any] = {**PAIRWISE_PAIR, "config": {"allow_tie": True}}
Said = tuple[str, str, str]
"""Annotator, kind, and "a>b" or "a=b" with the keys of two completions."""


def item(key: str, models: Mapping[str, str | None], *said: Said, texts: Mapping[str, str] = {}) -> dict[str, Any]:
    """An item with a completion a model, and what annotators said of its pairs."""
    completions = [{"key": name, "text": texts.get(name, f"{key} {name}"), "model": m} for name, m in models.items()]
    return {
        "key": key,
        "prompt": f"Prompt of {key}",
        "completions": completions,
        "annotations": [_annotation(*each) for each in said],
        "metadata": {"topic": "law" if int(key[1:]) % 2 else "food"},
    }


def _annotation(name: str, kind: str, said: str) -> dict[str, Any]:
    preferred = None if "=" in said else said[0]
    answers = {"better": {"preferred": preferred}}
    return {"annotator": name, "kind": kind, "answers": answers, "shown": [said[0], said[2]]}


def played(user: User, items: Sequence[dict[str, Any]], slug: str = "models", **spec: Any) -> Campaign:
    campaign = make_campaign(user, slug, [TIES, *spec.pop("more", [])], overlap=3, **spec)
    job = import_rows(campaign, items)
    assert job.done == len(items), list(job.errors.values())
    return campaign


def report(campaign: Campaign, question: str = "better") -> dict[str, Any]:
    """The freshly computed part of a question."""
    found = leaderboard(Frames(campaign))["questions"]
    (one,) = [each for each in found if each["question"] == question]
    return dict(one)
