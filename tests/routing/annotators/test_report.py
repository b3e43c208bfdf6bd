"""The report on annotators, from campaigns in which some answer in ways of their own."""

import json
from typing import Any

import pytest
from django.utils import timezone

from annotate.frames import Frames
from annotate.models import Annotation, Annotator, Campaign, Standing, User
from annotate.standing import exclude
from routing.annotators import annotator_details, annotators
from tests.factories import RATING_EACH, import_rows, make_campaign, person
from tests.routing.annotators.planted import HONEST, PEOPLE, planted
from tests.routing.compared import compared, pair_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    return planted(researcher)


def rows_of(campaign: Campaign) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in annotators(Frames(campaign))["annotators"]}


def test_each_planted_habit_is_flagged_and_nobody_honest(campaign: Campaign) -> None:
    rows = rows_of(campaign)
    assert list(rows) == sorted(PEOPLE)
    assert "position" in rows["left"]["flags"]
    assert "length" in rows["longer"]["flags"]
    assert {"agreement", "pace"} <= set(rows["random"]["flags"])
    assert "copies" in rows["copy"]["flags"]
    assert rows["copy"]["signals"]["copies"]["whom"] == "ada"
    assert [name for name in HONEST if rows[name]["flags"]] == []


def test_of_two_who_differ_neither_is_called_odd(campaign: Campaign) -> None:
    for annotator in Annotator.objects.filter(campaign=campaign).exclude(name__in=["ben", "longer"]):
        Standing.objects.create(campaign=campaign, annotator=annotator, excluded_at=timezone.now())
    rows = rows_of(campaign)
    for name in ("ben", "longer"):
        assert abs(rows[name]["signals"]["length"]["value"]) > 0.2
        assert rows[name]["signals"]["length"]["p"] is None
        assert "length" not in rows[name]["flags"]


def test_figures_by_hand(campaign: Campaign) -> None:
    rows = rows_of(campaign)
    left = rows["left"]["signals"]
    assert (left["position"]["value"], left["position"]["n"]) == (1.0, 60)
    assert rows["left"]["n"] == 120
    assert rows["random"]["signals"]["pace"]["value"] == 1.0
    assert rows["ada"]["signals"]["gold"]["n"] == 10
    assert all(low <= high for low, high in [each["interval"] for each in left.values() if each["interval"]])


def test_the_headline_names_who_and_in_what(campaign: Campaign) -> None:
    (line,) = annotators(Frames(campaign))["headline"]
    assert line["level"] == "bad"
    assert line["sentence"].startswith("4 of 9 answer unlike the others: copy answers like another")


def test_details_say_what_the_others_contradict_and_how_answers_are_confused(campaign: Campaign) -> None:
    details = annotator_details(Frames(campaign))["of"]
    random = details[str(Annotator.objects.get(name="random").pk)]
    assert 0 < len(random["deviant"]) <= 10
    assert all(each["said"] != each["others_said"] and each["others"] >= 2 for each in random["deviant"])
    (confused,) = [each for each in random["confusions"] if each["title"] == "better"]
    assert confused["labels"] == ["second", "first"]
    for row, n in zip(confused["cells"], confused["n"], strict=True):
        assert sum(cell[0] for cell in row) == pytest.approx(1, abs=1e-3)
        assert 0 <= n <= 60
        assert all(low <= value <= high for value, low, high in row)
    assert len(random["over_time"]) > 1
    assert [each["title"] for each in random["questions"]] == ["better", "score"]


def test_an_excluded_annotator_is_shown_and_moves_nobody(campaign: Campaign, researcher: User) -> None:
    out = Annotator.objects.get(name="random")
    exclude(campaign, out, person(researcher), ask_others=True)
    found = rows_of(campaign)
    assert [name for name, row in found.items() if row["excluded"]] == ["random"]
    assert found["random"]["n"] == 120
    assert "agreement" in found["random"]["flags"]
    Annotation.objects.filter(annotator=out).delete()
    without = rows_of(campaign)
    assert "random" not in without
    assert {name: row for name, row in found.items() if name != "random"} == without


def test_repeats_are_held_against_the_first_answer(researcher: User) -> None:
    items = [pair_item(f"r{n}", ("ann", "human", 5, 3, "a"), ("ben", "human", 5, 3, "a")) for n in range(8)]
    campaign = compared(researcher, items)
    again = [pair_item(f"r{n}", ("ann", "human", 5, 3, "a"), ("ben", "human", 5, 3, "b"), round=1) for n in range(8)]
    import_rows(campaign, again)
    rows = rows_of(campaign)
    assert rows["ann"]["signals"]["retest"]["value"] == 1
    assert rows["ben"]["signals"]["retest"]["value"] == pytest.approx(2 / 3, abs=1e-5)
    assert rows["ben"]["signals"]["retest"]["n"] == 24


def test_texts_given_twice_are_seen(researcher: User) -> None:
    question = {"name": "why", "kind": "text", "shows": "all"}
    campaign = make_campaign(researcher, "texts", [question])
    rows = [
        {
            "key": f"r{n}",
            "prompt": f"P{n}",
            "completions": [{"text": "x"}, {"text": "y"}],
            "annotations": [
                {"annotator": "ann", "kind": "human", "answers": {"why": "The very same long reason."}},
                {"annotator": "ben", "kind": "human", "answers": {"why": f"A reason of its own, number {n}."}},
            ],
        }
        for n in range(12)
    ]
    import_rows(campaign, rows)
    found = rows_of(campaign)
    assert found["ann"]["signals"]["texts"]["value"] == 1
    assert found["ben"]["signals"]["texts"]["value"] == 0
    assert "texts" in found["ann"]["flags"]


def test_a_campaign_without_answers_says_so(researcher: User) -> None:
    found = annotators(Frames(make_campaign(researcher, "none", [RATING_EACH])))
    assert (found["annotators"], found["tests"]) == ([], 0)
    assert found["headline"][0]["level"] == "unknown"


def test_one_annotator_alone_is_held_against_nobody(researcher: User) -> None:
    found = annotators(Frames(compared(researcher, [pair_item("r1", ("ann", "human", 5, 3, "a"))])))
    (row,) = found["annotators"]
    assert row["flags"] == []
    assert all(signal["p"] is None for signal in row["signals"].values())
    assert found["headline"][0]["level"] == "unknown"


def test_the_reports_are_plain_json_and_small(campaign: Campaign) -> None:
    frames = Frames(campaign)
    assert len(json.dumps(annotators(frames), allow_nan=False)) < 2_500 * len(PEOPLE)
    assert len(json.dumps(annotator_details(frames), allow_nan=False)) < 10_000 * len(PEOPLE)
