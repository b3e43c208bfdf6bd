"""Campaigns with ratings and rankings of the same pairs, imported with their annotations."""

from collections.abc import Sequence
from typing import Any

from annotate.frames import Frames
from annotate.models import Campaign, User
from routing.inconsistency import inconsistency
from tests.factories import PAIRWISE_PAIR, RATING_EACH, import_rows, make_campaign

Said = tuple[str, str, float | None, float | None, str | None]
"""Annotator, kind, rating of a, rating of b, ranking: a, b, = for a tie; None where not answered."""


def pair_item(key: str, *said: Said, prompt: str | None = None, round: int = 0) -> dict[str, Any]:
    annotations = []
    for name, kind, a, b, ranking in said:
        answers: list[dict[str, Any]] = [
            {"score": {side: value}} for side, value in (("a", a), ("b", b)) if value is not None
        ]
        if ranking is not None:
            answers.append({"better": {"preferred": None if ranking == "=" else ranking}})
        annotations += [{"annotator": name, "kind": kind, "answers": each, "round": round} for each in answers]
    return {
        "key": key,
        "prompt": prompt or f"Prompt of {key}",
        "completions": [{"key": side, "text": f"{key} {side}"} for side in "ab"],
        "annotations": annotations,
    }


def compared(user: User, items: Sequence[dict[str, Any]], slug: str = "both", **rating: Any) -> Campaign:
    """A campaign with a rating view (1 to 7, each alone) and a ranking view over the items."""
    campaign = make_campaign(user, slug, [{**RATING_EACH, **rating}, PAIRWISE_PAIR], overlap=3)
    job = import_rows(campaign, items)
    assert job.done == len(items), list(job.errors.values())
    return campaign


def group(campaign: Campaign, annotators: str, basis: str) -> dict[str, Any] | None:
    """The group of the freshly computed report; None where there is none."""
    groups = inconsistency(Frames(campaign))["groups"]
    found = [g for g in groups if (g["annotators"], g["basis"]) == (annotators, basis)]
    assert len(found) <= 1
    return found[0] if found else None
