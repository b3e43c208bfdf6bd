"""The report on agreement, through real campaigns: which answers count, of which kinds, and what is left out."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from annotate.assigning import claim
from annotate.campaigns import add_member, annotator_of, change_state
from annotate.frames import Frames
from annotate.models import Assignment, Campaign, Item, User
from annotate.stats.distances import nominal, ordinal
from annotate.stats.krippendorff import alpha
from annotate.stats.ratings import ratings
from annotate.submitting import submit
from routing.agreement import agreement
from routing.models import Route
from tests.annotate.stats.test_chance import SUBJECTS
from tests.annotate.stats.test_krippendorff import OBSERVERS
from tests.factories import import_rows, make_user
from tests.routing.agreement.held import annotated, group, item, question

pytestmark = pytest.mark.django_db

CHOICE: dict[str, Any] = {
    "name": "topic",
    "kind": "choice",
    "shows": "all",
    "config": {"options": ["v1", "v2", "v3", "v4", "v5"]},
}
PAIR: dict[str, Any] = {"name": "better", "kind": "pairwise", "shows": "all"}


@pytest.fixture
def observed(researcher: User) -> Campaign:
    """Krippendorff's four observers of twelve units, as people who chose one of five options."""
    items = [
        item(f"u{unit}", {f"o{n}": {"topic": f"v{row[unit]}"} for n, row in enumerate(OBSERVERS) if row[unit]})
        for unit in range(12)
    ]
    return annotated(researcher, [CHOICE], items)


def test_a_campaign_with_the_published_answers_has_the_published_figures(observed: Campaign) -> None:
    found = group(question(observed, "topic"))
    assert found["alpha"]["value"] == pytest.approx(0.743, abs=5e-4)
    assert found["percent"]["value"] == pytest.approx(0.8181818)
    assert found["fleiss"]["value"] == pytest.approx(0.76117, abs=5e-6)
    assert found["gwet"]["value"] == pytest.approx(0.77544, abs=5e-6)
    assert (found["things"], found["several"], found["ratings"], found["annotators_count"]) == (12, 11, 41, 4)
    assert found["alpha"]["n"] == 11
    assert found["alpha"]["interval"][0] < 0.743 < found["alpha"]["interval"][1]


def test_the_matrix_has_every_pair_once_either_way(observed: Campaign) -> None:
    found = question(observed, "topic")["people"]
    assert [who["name"] for who in found["rows"]] == [who["name"] for who in found["columns"]]
    assert sorted(who["name"] for who in found["rows"]) == ["o0", "o1", "o2", "o3"]
    place = {who["name"]: n for n, who in enumerate(found["rows"])}
    for first, second in combinations(range(4), 2):
        both = [(a, b) for a, b in zip(OBSERVERS[first], OBSERVERS[second], strict=True) if a and b]
        i, j = place[f"o{first}"], place[f"o{second}"]
        cell = found["cells"][i][j]
        assert cell == found["cells"][j][i]
        assert cell["n"] == len(both)
        assert cell["percent"] == pytest.approx(np.mean([a == b for a, b in both]), abs=1e-4)
    assert all(found["cells"][n][n] is None for n in range(4))


def test_fleiss_on_many_annotators(researcher: User) -> None:
    """Fourteen raters of ten subjects; who gave which answer does not matter to Fleiss' kappa."""
    items = []
    for subject, row in enumerate(SUBJECTS):
        given = [value for value, count in enumerate(row, start=1) for _ in range(count)]
        items.append(item(f"s{subject}", {f"r{n}": {"topic": f"v{value}"} for n, value in enumerate(given)}))
    campaign = annotated(researcher, [CHOICE], items)
    assert group(question(campaign, "topic"))["fleiss"]["value"] == pytest.approx(0.210, abs=5e-4)


@pytest.fixture
def judged(researcher: User) -> Campaign:
    """Twelve pairs by two people and two judges: people agree on two thirds, the judges always."""
    items = []
    for n in range(12):
        side = "a" if n % 2 else "b"
        other = side if n % 3 else None
        items.append(
            item(
                f"p{n}",
                {
                    "ann": {"better": {"preferred": side}},
                    "bob": {"better": {"preferred": other}},
                    "gpt-1": {"better": {"preferred": side}},
                    "gpt-2": {"better": {"preferred": side}},
                },
            )
        )
    return annotated(researcher, [PAIR], items)


def test_people_judges_and_both_are_kept_apart(judged: Campaign) -> None:
    found = question(judged, "better")
    people, judges, both = (group(found, name) for name in ("human", "judge", "all"))
    assert people["percent"]["value"] == pytest.approx(2 / 3)
    assert judges["percent"]["value"] == judges["alpha"]["value"] == 1
    assert both["percent"]["value"] == pytest.approx((8 + 4 * 0.5) / 12)
    assert (people["annotators_count"], judges["annotators_count"], both["annotators_count"]) == (2, 2, 4)
    assert both["cohen"]["n"] == 12 * 6
    assert found["weighed"]


def test_people_stand_against_judges(judged: Campaign) -> None:
    found = question(judged, "better")["judges"]
    assert [who["name"] for who in found["columns"]] == ["gpt-1", "gpt-2"]
    by_name = {who["name"]: cells for who, cells in zip(found["rows"], found["cells"], strict=True)}
    assert by_name["ann"][0]["value"] == 1
    assert by_name["bob"][0]["percent"] == pytest.approx(2 / 3, abs=1e-4)
    assert by_name["bob"][0]["n"] == 12


def test_what_was_asked_again_or_routed_is_in_no_figure_and_is_counted(judged: Campaign) -> None:
    first = Item.objects.get(campaign=judged, key="p0")
    second = Item.objects.get(campaign=judged, key="p1")
    Route.objects.create(campaign=judged, item=first, policy="disagreement", to=Route.To.PEOPLE, propensity=1)
    Assignment.objects.filter(campaign=judged, unit__item=second, annotator__name="ann").update(
        purpose=Assignment.Purpose.AGAIN
    )
    found = question(judged, "better")
    assert found["left_out"] == {"again": 1, "repeats": 0, "routed": 2, "annotators": 0}
    assert found["routed"]["things"] == 1
    assert found["routed"]["percent"]["value"] == 0
    people = group(found)
    assert (people["things"], people["several"], people["ratings"]) == (11, 10, 21)


def test_units_that_people_disagree_on_come_first(judged: Campaign) -> None:
    found = question(judged, "better")["disputed"]
    assert {each["key"] for each in found} == {"p0", "p3", "p6", "p9"}
    first = next(each for each in found if each["key"] == "p0")
    assert (first["n"], first["said"]) == (2, [("second", 1), ("equal", 1)])


def test_the_headline_names_the_question_with_the_least_agreement(researcher: User) -> None:
    items = [
        item(
            f"p{n}",
            {
                "ann": {"better": {"preferred": "a" if n % 2 else "b"}, "topic": "v1" if n % 2 else "v2"},
                "bob": {"better": {"preferred": "a"}, "topic": "v1" if n % 2 else "v2"},
            },
        )
        for n in range(20)
    ]
    campaign = annotated(researcher, [PAIR, CHOICE], items)
    (line,) = agreement(Frames(campaign))["headline"]
    assert "better" in line["sentence"]
    assert line["level"] == "bad"
    assert line["figure"]["n"] == 20


def test_a_campaign_without_answers_says_what_would_help(researcher: User) -> None:
    found = agreement(Frames(annotated(researcher, [PAIR, {"name": "why", "kind": "text", "shows": "all"}], [])))
    assert [q["groups"] for q in found["questions"]] == [[]]
    assert found["texts"] == ["why"]
    assert found["headline"][0]["level"] == "unknown"


def test_ratings_take_the_distance_of_their_scale(researcher: User) -> None:
    given = [(1, 2), (3, 3), (5, 4), (2, 2), (4, 1)]
    steps: dict[str, Any] = {"name": "steps", "kind": "rating", "shows": "all", "config": {"min": 1, "max": 5}}
    slider = {**steps, "name": "slider", "config": {"min": 1, "max": 5, "widget": "slider"}}
    items = [
        item(
            f"p{n}",
            {
                who: {name: {"a": value, "b": 3} for name in ("steps", "slider")}
                for who, value in zip("xy", two, strict=True)
            },
        )
        for n, two in enumerate(given)
    ]
    campaign = annotated(researcher, [steps, slider], items)
    thing = np.repeat(np.arange(10), 2)
    values = np.array([v - 1 for two in given for v in (*two, 3, 3)])
    by_rank = alpha(ratings(thing, values, thing), ordinal)
    assert group(question(campaign, "steps"))["alpha"]["value"] == pytest.approx(by_rank.value)
    by_label = alpha(ratings(thing, values, thing), nominal)
    assert group(question(campaign, "slider"))["alpha"]["value"] not in (by_rank.value, by_label.value)
    assert question(campaign, "slider")["scale"] == "interval"


def test_rankings_count_pairs_in_another_order(researcher: User) -> None:
    question_of: dict[str, Any] = {"name": "order", "kind": "ranking", "shows": "all"}
    orders = [
        ({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 3, "c": 2}),
        ({"a": 2, "b": 1, "c": 1}, {"a": 2, "b": 1, "c": 3}),
    ]
    items = [
        item(f"p{n}", {who: {"order": ranks} for who, ranks in zip("xy", two, strict=True)}, ("one", "two", "three"))
        for n, two in enumerate(orders)
    ]
    found = group(question(annotated(researcher, [question_of], items), "order"))
    # Signs of ab, ac, bc: +++ and ++−; −−0 and −++. Distances 1 of 3 pairs; (1 + ½) of 3.
    signs = [1, 1, 1, 1, 1, -1, -1, -1, 0, -1, 1, 1]
    far = sum(abs(v - w) / 2 for v in signs for w in signs) / 9
    observed = 2 * (1 / 3 + 1.5 / 3)
    assert found["alpha"]["value"] == pytest.approx(1 - (4 - 1) * observed / far)
    assert (found["things"], found["ratings"], found["alpha"]["n"]) == (2, 4, 2)


def test_sets_agree_in_part(researcher: User) -> None:
    tags: dict[str, Any] = {
        "name": "tags",
        "kind": "choice",
        "shows": "all",
        "config": {"options": ["x", "y", "z"], "multiple": True},
    }
    said = [(["x"], ["x", "y"]), (["x", "y"], ["x", "y"]), (["y", "z"], ["y", "z"]), (["x"], ["y", "z"])]
    items = [item(f"p{n}", {w: {"tags": s} for w, s in zip("xy", two, strict=True)}) for n, two in enumerate(said)]
    found = group(question(annotated(researcher, [tags], items), "tags"))
    # MASI: x to xy ⅔, x to yz 1, xy to yz 8/9; two, three and three of the eight answers.
    far = 2 * (2 * 3 * 2 / 3 + 2 * 3 * 1 + 3 * 3 * 8 / 9)
    assert found["alpha"]["value"] == pytest.approx(1 - 7 * 2 * (2 / 3 + 1) / far)
    assert found["percent"]["value"] == 0.5
    assert (found["things"], found["ratings"]) == (4, 8)
    assert found["gwet"]["value"] is None
    assert found["gwet"]["method"]


def test_a_checklist_agrees_point_by_point(researcher: User) -> None:
    points: dict[str, Any] = {
        "name": "check",
        "kind": "checklist",
        "shows": "all",
        "config": {"points": [{"key": "p", "text": "Polite"}, {"key": "q", "text": "Quick"}]},
    }
    yes, no = {"p": "yes", "q": "no"}, {"p": "no", "q": "no"}
    items = [item(f"p{n}", {"x": {"check": {"a": yes, "b": no}}, "y": {"check": {"a": no, "b": no}}}) for n in range(5)]
    found = group(question(annotated(researcher, [points], items), "check"))
    assert found["things"] == 5 * 2 * 2
    assert found["percent"]["value"] == 0.75


def test_arms_have_their_own_alpha_and_the_difference(researcher: User) -> None:
    rng = np.random.default_rng(2)
    items = []
    for n in range(40):
        truth = int(rng.integers(1, 3))
        noisy = truth if n % 2 else int(rng.integers(1, 3))
        items.append(item(f"p{n}", {"x": {"topic": f"v{truth}"}, "y": {"topic": f"v{noisy}"}}))
    campaign = annotated(researcher, [CHOICE], items)
    for n in range(40):
        rows = Assignment.objects.filter(campaign=campaign, unit__item__key=f"p{n}")
        rows.update(arm="with" if n % 2 else "without")
    found = question(campaign, "topic")["arms"]
    assert found["with"]["value"] == 1
    assert found["difference"]["value"] == pytest.approx(1 - found["without"]["value"])
    assert found["difference"]["n"] == 40


def test_arms_of_an_experiment_name_their_checklist(researcher: User) -> None:
    points = {"points": [{"key": "p", "text": "Polite"}]}
    steps = {"name": "steps", "kind": "rating", "shows": "each", "config": {"min": 1, "max": 5}}
    check = {"name": "check", "kind": "checklist", "shows": "each", "title": "The points", "config": points}
    campaign = annotated(researcher, [check, steps], [], arms={"checklist": "check", "rating": "steps"})
    rows = [item(f"p{n}", {}, ("one",)) for n in range(12)]
    import_rows(campaign, rows)
    change_state(campaign, "launch")
    people = [make_user(name) for name in ("una", "vic", "wim", "xia")]
    for turn, user in enumerate(people):
        who = annotator_of(user)
        add_member(campaign, who)
        while (held := claim(campaign, who)) is not None:
            answers: dict[str, Any] = {"steps": {"a": 1 + (held.pk + turn) % 5}}
            if held.arm == "with":
                answers = {"check": {"a": {"p": "yes"}}, "steps": {"a": 4 + held.unit_id % 2}}
            submit(held, who, answers, claim_next=False)
    found = question(campaign, "steps")["arms"]
    assert found["checklist"] == "The points"
    assert found["with"]["value"] == 1
    assert found["without"]["value"] < 0.5
    assert (found["with"]["n"], found["without"]["n"]) == (12, 12)
    assert question(campaign, "check")["arms"] is None


def test_without_arms_there_is_no_such_part(observed: Campaign) -> None:
    assert question(observed, "topic")["arms"] is None


def test_alpha_along_the_campaign_is_in_parts_of_as_many_things(researcher: User) -> None:
    items = []
    for n in range(60):
        each = item(f"p{n}", {who: {"better": {"preferred": "a" if n % 2 else "b"}} for who in "xy"})
        for row in each["annotations"]:
            row["created_at"] = f"2026-03-{1 + n // 3:02d}T10:00:00Z"
            if row["annotator"] == "y" and n < 20:
                row["answers"] = {"better": {"preferred": "b" if n % 2 else "a"}}
        items.append(each)
    found = question(annotated(researcher, [PAIR], items), "better")["over_time"]
    assert [point["alpha"]["n"] for point in found] == [20, 20, 20]
    assert found[0]["alpha"]["value"] < 0
    assert found[1]["alpha"]["value"] == found[2]["alpha"]["value"] == 1
    assert found[0]["at"] < found[1]["at"] < found[2]["at"]
