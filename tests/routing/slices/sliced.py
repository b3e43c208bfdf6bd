"""Campaigns in which people disagree on one topic."""

from typing import Any

from annotate.models import Campaign, User
from tests.factories import PAIRWISE_PAIR, RATING_EACH, import_rows, make_campaign

PEOPLE = ("ann", "bob", "cid")
ITEMS_OF_A_TOPIC = 15


def item(number: int, topic: str, split: bool) -> dict[str, Any]:
    """Three people compare and rate a pair; where they are `split`, one says another side, and all contradict it."""
    annotations: list[dict[str, Any]] = []
    for place, name in enumerate(PEOPLE):
        preferred = "b" if split and place == number % 3 else "a"
        ratings = {"a": 2, "b": 5} if split else {"a": 6, "b": 3 - place % 2}
        said = {"annotator": name, "kind": "human", "active_seconds": 10 + number % 7 + 30 * split}
        annotations.append({**said, "shown": ["a", "b"], "answers": {"better": {"preferred": preferred}}})
        annotations += [{**said, "shown": [key], "answers": {"score": {key: ratings[key]}}} for key in "ab"]
    judge = {"annotator": "gpt", "kind": "judge", "shown": ["a", "b"], "answers": {"better": {"preferred": "b"}}}
    return {
        "key": f"r{number}",
        "prompt": f"Prompt {number}",
        "metadata": {"topic": topic, "row": f"row {number}"},
        "completions": [{"key": key, "text": f"{number} {key}"} for key in "ab"],
        "annotations": [*annotations, judge],
    }


def sliced(user: User, slug: str = "sliced", odd: str = "law") -> Campaign:
    """Three topics of 15 items; on the odd one people are split, except on one item; elsewhere they are on one."""
    campaign = make_campaign(user, slug, [PAIRWISE_PAIR, RATING_EACH], overlap=3)
    topics = [topic for topic in ("law", "math", "art") for _ in range(ITEMS_OF_A_TOPIC)]
    rows = [item(n, topic, (topic == odd) != (n % ITEMS_OF_A_TOPIC == 0)) for n, topic in enumerate(topics)]
    job = import_rows(campaign, rows)
    assert job.done == len(rows), list(job.errors.values())
    return campaign
