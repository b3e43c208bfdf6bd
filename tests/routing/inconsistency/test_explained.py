from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from annotate.models import Assignment, Preference, User
from routing.models import Route
from tests.routing.compared import Said, compared, group, pair_item

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 1, 9, tzinfo=UTC)


def human(a: float, b: float, ranking: str, name: str = "ann") -> Said:
    return name, "human", a, b, ranking


def found_of(user: User, items: list[dict[str, Any]], annotators: str = "human") -> dict[str, Any]:
    found = group(compared(user, items), annotators, "same_annotator")
    assert found is not None
    return found


def worded(key: str, a: str, b: str, said: Said) -> dict[str, Any]:
    row = pair_item(key, said)
    row["completions"] = [{"key": "a", "text": a}, {"key": "b", "text": b}]
    return row


def test_the_longer_wins_the_ratings_and_loses_the_rankings(researcher: User) -> None:
    items = [worded(f"r{n}", "one two three four", "one", human(6, 2, "b")) for n in range(3)]
    items.append(worded("r3", "one", "one two three four", human(6, 2, "a")))
    longer = found_of(researcher, items)["cues"]["longer"]
    assert (longer["ratings"]["value"], longer["rankings"]["value"]) == (0.75, 0.0)
    assert longer["difference"]["value"] == 0.75
    assert longer["difference"]["n"] == 4


def test_density_is_different_words_by_words(researcher: User) -> None:
    items = [
        worded("r1", "one one one one", "one two three four", human(2, 6, "b")),
        worded("r2", "one two", "three four", human(2, 6, "a")),
    ]
    found = found_of(researcher, items)
    denser = found["cues"]["denser"]
    assert (denser["ratings"]["value"], denser["rankings"]["value"], denser["neither"]) == (1.0, 1.0, 1)
    assert [(row["low"], row["high"], row["figure"]["value"]) for row in found["by_density"]] == [
        (0.0, 0.05, 0.0),
        (0.2, 1.0, 1.0),
    ]


def test_pairs_are_split_by_the_difference_in_length(researcher: User) -> None:
    items = [
        worded("r1", "x" * 100, "y" * 95, human(5, 3, "a")),
        worded("r2", "x" * 100, "y" * 40, human(5, 3, "b")),
        worded("r3", "x" * 10, "y" * 20, human(5, 3, "b")),
    ]
    rows = found_of(researcher, items)["by_length"]
    assert [(row["low"], row["figure"]["n"], row["figure"]["value"]) for row in rows] == [(0.0, 1, 1.0), (0.5, 2, 0.0)]


def test_the_side_shown_first_is_held_against_what_was_chosen(researcher: User) -> None:
    campaign = compared(researcher, [pair_item(f"r{n}", human(5, 3, "b")) for n in range(4)])
    Preference.objects.filter(item__key__in=["r0", "r1", "r2"]).update(a_shown_first=False)
    Preference.objects.filter(item__key="r3").update(a_shown_first=True)
    found = group(campaign, "human", "same_annotator")
    assert found is not None
    first = found["cues"]["first"]
    assert (first["ratings"]["value"], first["rankings"]["value"]) == (0.25, 0.75)


def test_the_time_between_the_two_answers_is_from_the_later_rating(researcher: User) -> None:
    items = [pair_item(f"r{n}", human(5, 3, "a" if n else "b")) for n in range(2)]
    for n, item in enumerate(items):
        for rating in item["annotations"][:2]:
            rating["created_at"] = START.isoformat()
        item["annotations"][2]["created_at"] = (START + timedelta(hours=2 if n else 0, seconds=30)).isoformat()
    rows = found_of(researcher, items)["by_time"]
    assert [(row["low"], row["high"], row["figure"]["value"]) for row in rows] == [(0, 60, 0.0), (3600, 86400, 1.0)]


def test_an_annotator_unlike_the_rest_is_flagged_and_others_are_not(researcher: User) -> None:
    items = []
    for n in range(30):
        said = [human(5, 3, "b" if n % 10 else "a", "odd")]
        said += [human(5, 3, "b" if (n + m) % 5 == 0 else "a", name) for m, name in enumerate(("ann", "bob", "cat"))]
        items.append(pair_item(f"r{n}", *said))
    rows = {row["name"]: row for row in found_of(researcher, items)["by_annotator"]}
    assert {name for name, row in rows.items() if row["flagged"]} == {"odd"}
    assert rows["odd"]["figure"]["value"] == pytest.approx(0.1)
    assert rows["odd"]["rest"] == pytest.approx(0.8)
    assert rows["odd"]["p"] < 1e-4


def test_few_pairs_flag_nobody(researcher: User) -> None:
    items = [pair_item(f"r{n}", human(5, 3, "b", "odd"), human(5, 3, "a", "ann")) for n in range(9)]
    rows = found_of(researcher, items)["by_annotator"]
    assert [(row["p"], row["flagged"]) for row in rows] == [(None, False), (None, False)]


def test_the_gap_of_a_fine_scale_is_told_in_sixths(researcher: User) -> None:
    items = [pair_item("r1", human(0.9, 0.2, "a")), pair_item("r2", human(0.3, 0.2, "b"))]
    fine = compared(researcher, items, config={"min": 0, "max": 1, "step": 0.1})
    found = group(fine, "human", "same_annotator")
    assert found is not None
    assert found["gap_step"] == pytest.approx(1 / 6)
    assert [(row["gap"], row["consistent"]) for row in found["by_gap"]] == [(1, 0.0), (3, 1.0)]


@pytest.mark.parametrize(
    ("scale", "width"), [((1, 3, 1), 1), ((0, 1, 1), 1), ((0, 100, 25), 25), ((1, 5, 0.5), 1), ((0, 100, 1), 100 / 6)]
)
def test_a_step_of_the_gap_is_never_finer_than_the_scale(
    researcher: User, scale: tuple[float, float, float], width: float
) -> None:
    low, high, step = scale
    coarse = compared(
        researcher, [pair_item("r1", human(high, low, "a"))], config={"min": low, "max": high, "step": step}
    )
    found = group(coarse, "human", "same_annotator")
    assert found is not None
    assert found["gap_step"] == pytest.approx(width)


def test_what_was_asked_again_is_told_apart(researcher: User) -> None:
    items = [pair_item("r1", human(5, 3, "a")), pair_item("r2", human(5, 3, "b"))]
    campaign = compared(researcher, items)
    hard = Assignment.objects.filter(campaign=campaign, unit__item__key="r2", unit__view__shows="pair", state="done")
    assert hard.update(purpose=Assignment.Purpose.AGAIN) == 1
    found = group(campaign, "human", "same_annotator")
    assert found is not None
    assert (found["n"], found["consistent"]) == (1, 1.0)
    assert found["apart"]["answers"] == 1
    assert (found["apart"]["figure"]["n"], found["apart"]["figure"]["value"]) == (1, 0.0)


def test_what_a_route_gave_to_people_is_told_apart(researcher: User) -> None:
    campaign = compared(researcher, [pair_item("r1", human(5, 3, "a")), pair_item("r2", human(5, 3, "b"))])
    item = campaign.items.get(key="r2")
    Route.objects.create(
        campaign=campaign, item=item, to=Route.To.PEOPLE, policy="hard", reason="uncertain", propensity=1.0
    )
    found = group(campaign, "human", "same_annotator")
    assert found is not None
    assert (found["n"], found["apart"]["answers"], found["apart"]["figure"]["value"]) == (1, 1, 0.0)
