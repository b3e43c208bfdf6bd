from typing import Any

import pytest

from annotate.frames import Frames
from annotate.models import Assignment, User
from routing.inconsistency import inconsistency
from tests.routing.compared import Said, compared, pair_item

pytestmark = pytest.mark.django_db


def twice(key: str, first: Said, later: Said) -> dict[str, Any]:
    item = pair_item(key, first)
    item["annotations"] += pair_item(key, later, round=1)["annotations"]
    return item


def human(a: float | None, b: float | None, ranking: str | None) -> Said:
    return "ann", "human", a, b, ranking


@pytest.fixture
def items() -> list[dict[str, Any]]:
    return [
        twice("r1", human(5, 3, "a"), human(5, 3, "a")),
        twice("r2", human(5, 3, "a"), human(6, 3, "b")),
        twice("r3", human(5, 3, "a"), human(2, 3, "a")),
        twice("r4", human(5, 3, "a"), human(4, 4, "=")),
        twice("r5", ("gpt", "judge", 5, 3, "a"), ("gpt", "judge", 5, 3, "a")),
    ]


def test_preferences_ratings_and_sides_that_are_repeated(researcher: User, items: list[dict[str, Any]]) -> None:
    rows = inconsistency(Frames(compared(researcher, items)))["repeats"]
    human_rows = {row["what"]: row for row in rows if row["annotators"] == "human"}
    assert (human_rows["preference"]["n"], human_rows["preference"]["same"]["value"]) == (4, 0.5)
    assert (human_rows["rating"]["n"], human_rows["rating"]["same"]["value"]) == (8, 0.5)
    assert human_rows["rating"]["distance"]["value"] == pytest.approx((1 + 3 + 1 + 1) / 8)
    side = human_rows["side of better"]
    assert (side["n"], side["same"]["value"]) == (4, 0.5)
    judges = {row["what"]: row["same"]["value"] for row in rows if row["annotators"] == "judge"}
    assert judges == {"preference": 1.0, "rating": 1.0, "side of better": 1.0}


def test_noise_alone_explains_one_minus_the_geometric_mean(researcher: User, items: list[dict[str, Any]]) -> None:
    rows = {row["annotators"]: row for row in inconsistency(Frames(compared(researcher, items)))["expected"]}
    assert rows["human"]["ceiling"]["value"] == pytest.approx(0.5)
    assert rows["human"]["sides"] == ["rating", "ranking"]
    assert rows["judge"]["ceiling"]["value"] == 1.0
    assert rows["all"]["ceiling"]["value"] == pytest.approx(0.6)


def test_a_side_needs_both_ratings_again(researcher: User) -> None:
    items = [twice("r1", human(5, 3, "a"), human(5, None, None))]
    found = inconsistency(Frames(compared(researcher, items)))
    assert [(row["what"], row["n"]) for row in found["repeats"]] == [("rating", 1)]
    assert found["expected"] == []


def test_only_the_ranking_repeated_takes_ratings_for_free_of_noise(researcher: User) -> None:
    items = [
        twice("r1", human(5, 3, "a"), human(None, None, "a")),
        twice("r2", human(5, 3, "a"), human(None, None, "b")),
    ]
    (all_, people) = inconsistency(Frames(compared(researcher, items)))["expected"]
    assert (people["annotators"], people["sides"]) == ("human", ["ranking"])
    assert people["ceiling"]["value"] == all_["ceiling"]["value"] == pytest.approx(0.5**0.5)


def test_what_was_asked_again_on_purpose_is_no_repeat(researcher: User, items: list[dict[str, Any]]) -> None:
    campaign = compared(researcher, items[:4])
    Assignment.objects.filter(campaign=campaign, round=1).update(purpose=Assignment.Purpose.AGAIN)
    found = inconsistency(Frames(campaign))
    assert (found["repeats"], found["expected"]) == ([], [])


def test_the_headline_takes_few_repeats_for_no_baseline(researcher: User) -> None:
    items = [pair_item(f"r{n}", human(5, 3, "a") if n % 2 else human(3, 5, "b")) for n in range(40)]
    said = human(5, 3, "a")
    items += [twice(f"s{n}", said, said) for n in range(2)]
    found = inconsistency(Frames(compared(researcher, items)))
    assert found["expected"][0]["ceiling"]["n"] == 4
    assert found["headline"][0]["level"] == "mind"
    assert "without 10 repeats or more" in found["headline"][0]["sentence"]


def test_the_headline_holds_the_figure_against_the_noise(researcher: User) -> None:
    items = [twice(f"r{n}", human(5, 3, "a" if n % 5 else "b"), human(5, 3, "a" if n % 5 else "b")) for n in range(40)]
    (line,) = inconsistency(Frames(compared(researcher, items)))["headline"]
    assert line["level"] == "bad"  # kappa is 0: the ratings always name the first
    for n, item in enumerate(items):
        if n % 2:
            for said in item["annotations"]:
                if "score" in said["answers"]:
                    said["answers"]["score"] = {key: 8 - value for key, value in said["answers"]["score"].items()}
                else:
                    said["answers"]["better"] = {"preferred": "b" if n % 5 else "a"}
    (line,) = inconsistency(Frames(compared(researcher, items, "both-ways")))["headline"]
    assert line["level"] == "mind"
    assert "more than the 0.0 % that noise alone would explain" in line["sentence"]
    assert line["figure"]["value"] == pytest.approx(8 / 40)
