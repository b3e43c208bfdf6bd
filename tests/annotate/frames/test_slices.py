"""Slices of a campaign: what they are cut by, which rows they hold, and what makes none."""

from typing import Any

import numpy as np
import pytest

from annotate.frames import Frames
from annotate.frames.slices import Slice, slices_of, slicing
from annotate.models import Campaign, User
from tests.factories import import_rows, make_campaign

pytestmark = pytest.mark.django_db

QUESTIONS: list[dict[str, Any]] = [
    {"name": "score", "kind": "rating", "shows": "each", "config": {"min": 1, "max": 7}},
    {"name": "better", "kind": "pairwise", "shows": "pair"},
    {"name": "flaws", "kind": "choice", "shows": "all", "config": {"options": ["yes", "no"]}},
]
MODELS = ("small", "middle", "large")


def item(number: int, metadata: dict[str, Any], at: str, prompt: Any = None) -> dict[str, Any]:
    models = MODELS[number % 3], MODELS[(number + 1) % 3]
    said = {"annotator": "ann", "kind": "human", "created_at": at}
    return {
        "key": f"r{number}",
        "prompt": prompt or f"Say {'so ' * 10 * number}",
        "metadata": metadata,
        "completions": [
            {"key": key, "text": f"{key} {number}", "model": model} for key, model in zip("ab", models, strict=True)
        ],
        "annotations": [
            {**said, "shown": ["a"], "answers": {"score": {"a": number % 7 + 1}}},
            {**said, "shown": ["a", "b"], "answers": {"better": {"preferred": "a"}}},
            {**said, "shown": ["a", "b"], "answers": {"flaws": "yes"}},
        ],
    }


def made(researcher: User, items: list[dict[str, Any]]) -> Campaign:
    campaign = make_campaign(researcher, "sliced", QUESTIONS)
    job = import_rows(campaign, items)
    assert job.done == len(items), list(job.errors.values())
    return campaign


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    """Six items, of which r5 has no topic; two are tagged; three weeks."""
    topics = ["law", "law", "law", "math", "math", None]
    return made(
        researcher,
        [
            item(
                number,
                {
                    **({"topic": topic} if topic else {}),
                    "source": "web",
                    "id": f"row {number}",
                    "nested": {"a": number},
                    "hard": number % 2 == 0,
                    **({"tags": ["new", "long"]} if number < 2 else {"tags": ["long"]} if number == 2 else {}),
                },
                f"2026-11-{2 + 4 * number:02}T12:00:00Z",
            )
            for number, topic in enumerate(topics)
        ],
    )


def items_in(frames: Frames, found: Slice, question: str = "better") -> list[int]:
    """The numbers of the items whose rows are in the slice."""
    rows = frames.scores(question) if question == "score" else frames.preferences(question)
    order = {pk: n for n, pk in enumerate(sorted(set(frames.preferences("better").item.tolist())))}
    return sorted(order[pk] for pk in rows.item[found.chosen(rows)].tolist())


def named(frames: Frames) -> dict[str, Slice]:
    return {each.key: each for each in slices_of(frames)}


def test_metadata_with_a_few_values_makes_slices(campaign: Campaign) -> None:
    frames = Frames(campaign)
    found = named(frames)
    assert (found["topic: law"].by, found["topic: law"].value) == ("metadata.topic", "law")
    assert items_in(frames, found["topic: law"]) == [0, 1, 2]
    assert items_in(frames, found["topic: math"], "score") == [3, 4]
    assert items_in(frames, found["hard: true"]) == [0, 2, 4]


def test_other_metadata_is_left_out_and_said(researcher: User) -> None:
    rows = [
        item(n, {"id": f"row {n}", "source": "web", "nested": {"a": n}, "q": n % 2}, "2026-11-02") for n in range(21)
    ]
    found = slicing(Frames(made(researcher, rows)))
    assert {each.by for each in found.slices if each.by.startswith("metadata")} == {"metadata.q"}
    assert {each.key: each.why for each in found.left_out} == {
        "id": "it has 21 different values, more than 20",
        "source": "it has the same value everywhere",
        "nested": "it holds lists or objects",
    }


def test_tags_may_overlap(campaign: Campaign) -> None:
    frames = Frames(campaign)
    found = named(frames)
    assert items_in(frames, found["tag: long"]) == [0, 1, 2]
    assert items_in(frames, found["tag: new"]) == [0, 1]


def test_a_comparison_is_in_the_slices_of_both_its_models(campaign: Campaign) -> None:
    frames = Frames(campaign)
    found = named(frames)
    assert items_in(frames, found["model: small"]) == [0, 2, 3, 5]
    assert items_in(frames, found["model: small"], "score") == [0, 3]
    flaws = frames.labels("flaws")
    assert not found["model: small"].chosen(flaws).any()
    assert found["topic: law"].chosen(flaws).sum() == 3


def test_time_is_cut_into_weeks_from_monday(campaign: Campaign) -> None:
    frames = Frames(campaign)
    weeks = [each for each in slices_of(frames) if each.by == "time"]
    assert [each.key for each in weeks] == ["week of 2026-11-02", "week of 2026-11-09", "week of 2026-11-16"]
    assert [items_in(frames, each) for each in weeks] == [[0, 1], [2, 3], [4, 5]]


def test_a_short_campaign_is_cut_into_days_and_a_long_one_into_at_most_twenty_spans(researcher: User) -> None:
    days = [item(n, {}, f"2026-11-{2 + n:02}T23:30:00Z") for n in range(3)]
    frames = Frames(made(researcher, days))
    assert [each.key for each in slices_of(frames) if each.by == "time"] == [
        "day 2026-11-02",
        "day 2026-11-03",
        "day 2026-11-04",
    ]
    campaign = make_campaign(researcher, "long", QUESTIONS)
    import_rows(campaign, [item(n, {}, f"{2024 + n}-01-01T00:00:00Z") for n in range(3)])
    frames = Frames(campaign)
    spans = [each for each in slices_of(frames) if each.by == "time"]
    assert len(spans) <= 21
    assert sum(len(items_in(frames, each)) for each in spans) == 3


def test_prompts_are_cut_into_thirds_by_length(campaign: Campaign) -> None:
    frames = Frames(campaign)
    thirds = [each for each in slices_of(frames) if each.by == "prompt length"]
    assert [each.value for each in thirds] == ["short", "middling", "long"]
    assert [items_in(frames, each) for each in thirds] == [[0, 1], [2, 3], [4, 5]]


def test_prompts_as_messages_count_what_they_say(researcher: User) -> None:
    messages = [[{"role": "user", "content": "x" * 10 * (n + 1)}] for n in range(3)]
    frames = Frames(made(researcher, [item(n, {}, "2026-11-02", messages[n]) for n in range(3)]))
    found = [each.key for each in slices_of(frames) if each.by == "prompt length"]
    assert found[0] == "prompt length: short (up to 10 characters)"


def test_a_campaign_without_items_has_no_slices(researcher: User) -> None:
    assert slices_of(Frames(make_campaign(researcher, "none", QUESTIONS))) == []


def test_rows_of_other_columns_are_not_mixed_up(campaign: Campaign) -> None:
    frames = Frames(campaign)
    law = named(frames)["topic: law"]
    rows = frames.preferences("better")
    whole = law.chosen(rows)
    assert law.chosen(rows.where(np.array([0]))).tolist() == [bool(whole[0])]
    assert law.chosen(rows).tolist() == whole.tolist()
