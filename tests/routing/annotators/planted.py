"""A campaign in which some annotators answer in ways of their own, imported with its annotations."""

import random
from typing import Any

from annotate.models import Campaign, User
from tests.factories import PAIRWISE_PAIR, RATING_EACH, import_rows, make_campaign

HONEST = ("ada", "ben", "cyd", "dan", "eva")
PEOPLE = (*HONEST, "left", "longer", "random", "copy")
LONG = "It is so, and here is at length why it is so. "


def planted(user: User, items: int = 60, seed: int = 5) -> Campaign:
    """Every item is answered by all: a comparison of a and b, and a score of a. The first ten have gold."""
    campaign = make_campaign(user, "planted", [PAIRWISE_PAIR, RATING_EACH], overlap=len(PEOPLE))
    draw = random.Random(seed)
    job = import_rows(campaign, [_item(n, draw) for n in range(items)])
    assert job.done == items, list(job.errors.values())
    return campaign


def _item(n: int, draw: random.Random) -> dict[str, Any]:
    texts = {key: LONG * draw.randrange(1, 9) for key in "ab"}
    better = draw.choice("ab")
    said = {name: better if draw.random() < 0.85 else draw.choice("ab") for name in HONEST}
    score = draw.randrange(1, 8)
    scores = {name: min(7, max(1, score + draw.choice((-1, 0, 0, 1)))) for name in PEOPLE}
    scores |= {"copy": scores["ada"], "random": draw.randrange(1, 8)}
    annotations = []
    for place, name in enumerate(PEOPLE):
        shown = draw.choice((["a", "b"], ["b", "a"]))
        if name == "left":
            said[name] = shown[0]
        elif name == "longer":
            said[name] = max("ab", key=lambda key: len(texts[key]))
        elif name == "random":
            said[name] = draw.choice("ab")
        elif name == "copy":
            said[name] = said["ada"]
        took = 1.0 if name == "random" else draw.uniform(20, 40)
        when = f"2026-10-{1 + n // 20:02d}T{8 + n % 20 // 3:02d}:{n % 3 * 20 + place:02d}:00Z"
        common = {"annotator": name, "kind": "human", "active_seconds": took, "created_at": when}
        annotations += [
            {**common, "shown": shown, "answers": {"better": {"preferred": said[name]}}},
            {**common, "answers": {"score": {"a": scores[name]}}},
        ]
    gold = {"gold": {"answers": {"better": {"preferred": better}}, "shown": ["a", "b"]}} if n < 10 else {}
    completions = [{"key": key, "text": f"{n} {texts[key]}"} for key in "ab"]
    return {"key": f"r{n}", "prompt": f"Prompt {n}", "completions": completions, "annotations": annotations, **gold}
