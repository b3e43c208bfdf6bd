"""Points to check: from the campaign or the item, weighted, some of them fatal; and the pass rate they give."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from annotate.campaigns import add_member, change_state
from annotate.errors import Invalid
from annotate.importing.problems import RowProblem
from annotate.importing.rows import parse_row
from annotate.kinds import Asked, kind
from annotate.kinds.base import LabelRow, ScoreRow
from annotate.kinds.checklist import pass_rate
from annotate.kinds.points import Point
from annotate.kinds.source import Source
from annotate.models import Label, Score, User
from tests.factories import import_rows, make_campaign, pair_rows, person

checklist = kind("checklist")
POINTS: list[Any] = ["cites", {"key": "safe", "text": "Is it safe?", "weight": 3, "fatal": True}]


def asked(points: Any = POINTS, **config: Any) -> Asked:
    return Asked("q", "checklist", checklist.clean_config({"points": points, **config}), keys=("a",))


def test_points_have_a_text_a_weight_and_may_be_fatal() -> None:
    assert checklist.clean_config({"points": POINTS})["points"] == [
        {"key": "cites", "text": "cites", "weight": 1, "fatal": False},
        {"key": "safe", "text": "Is it safe?", "weight": 3, "fatal": True},
    ]


@pytest.mark.parametrize(
    ("points", "field"),
    [
        (None, "points"),
        ([], "points"),
        ("cites", "points"),
        ([3], "points[0]"),
        ([{"text": "no key"}], "points[0].key"),
        (["x" * 201], "points[0].key"),
        (["a", "a"], "points[1].key"),
        ([{"key": "a", "text": ""}], "points[0].text"),
        ([{"key": "a", "weight": 0}], "points[0].weight"),
        ([{"key": "a", "weight": float("nan")}], "points[0].weight"),
        ([{"key": "a", "weight": "2"}], "points[0].weight"),
        ([{"key": "a", "fatal": 1}], "points[0].fatal"),
        ([{"key": "a", "wieght": 1}], "points[0].wieght"),
        ([f"p{n}" for n in range(201)], "points"),
    ],
)
def test_wrong_points_are_refused_at_both_doors_by_name(points: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        checklist.clean_config({"points": points})
    assert list(refused.value.fields) == [f"config.{field}"]
    if isinstance(points, list) and points and all(isinstance(point, dict) and "text" in point for point in points):
        with pytest.raises(RowProblem) as row:
            parse_row({"prompt": "p", "completions": [{"text": "x"}], "points": points})
        assert row.value.field == field


def test_an_item_brings_weights_and_fatal_points() -> None:
    points = [{"key": "a", "text": "A?", "weight": 0.5, "fatal": True}]
    assert parse_row({"prompt": "p", "completions": [{"text": "x"}], "points": points}).points == points


def test_every_point_of_every_completion_is_answered() -> None:
    def problem(answer: Any, **config: Any) -> str:
        with pytest.raises(Invalid) as refused:
            checklist.clean(asked(**config), answer)
        return refused.value.message

    assert "give an object {point: yes or no or na}" in problem({"a": "yes"})
    assert problem({"a": {"cites": "yes"}}) == "q: completion a: no answer to 'safe'; every point needs one"
    assert "'rude'" in problem({"a": {"cites": "yes", "safe": "no", "rude": "no"}})
    assert "point 'safe': 'maybe' is not yes or no or na" in problem({"a": {"cites": "yes", "safe": "maybe"}})
    assert "'na' is not yes or no" in problem({"a": {"cites": "na", "safe": "yes"}}, allow_na=False)


def test_answers_come_back_in_the_order_of_the_points() -> None:
    clean = checklist.clean(asked(), {"a": {"safe": "no", "cites": "na"}})
    assert list(clean["a"].items()) == [("cites", "na"), ("safe", "no")]


@pytest.mark.parametrize(
    ("answers", "weights", "fatal", "rate"),
    [
        ("yes no", (1, 1), (), 0.5),
        ("yes no", (3, 1), (), 0.75),
        ("yes na", (3, 1), (), 1.0),
        ("no na", (3, 1), (), 0.0),
        ("na na", (3, 1), (), None),
        ("yes no", (9, 1), (1,), 0.0),
        ("yes na", (1, 1), (1,), 1.0),
        ("no yes", (1, 3), (1,), 0.75),
    ],
)
def test_the_pass_rate_weighs_what_applies(
    answers: str, weights: tuple[float, ...], fatal: tuple[int, ...], rate: float | None
) -> None:
    points = [Point(str(n), "t", weight, n in fatal) for n, weight in enumerate(weights)]
    assert pass_rate(points, {str(n): value for n, value in enumerate(answers.split())}) == rate


def test_a_label_per_point_and_a_score_where_something_applied() -> None:
    assert list(checklist.records(asked(), {"a": {"cites": "yes", "safe": "na"}})) == [
        LabelRow("a", "cites", "yes"),
        LabelRow("a", "safe", "na"),
        ScoreRow("a", 1.0),
    ]
    assert list(checklist.records(asked(), {"a": {"cites": "na", "safe": "na"}})) == [
        LabelRow("a", "cites", "na"),
        LabelRow("a", "safe", "na"),
    ]


def test_points_of_the_item_are_asked_and_shown() -> None:
    config = checklist.clean_config({"points_from": "item"})
    source = Source("p", points=[{"key": "x", "text": "X?", "weight": 2}])
    question = Asked("q", "checklist", config, keys=("a",), source=source)
    assert checklist.clean(question, {"a": {"x": "no"}}) == {"a": {"x": "no"}}
    assert checklist.shown_config(config, source)["points"] == [{"key": "x", "text": "X?", "weight": 2, "fatal": False}]
    assert checklist.item_problem(config, "each", 1, source) is None
    assert checklist.item_problem(config, "each", 1, Source("p")) == (
        "the checklist asks the item's own points: give `points`"
    )
    with pytest.raises(Invalid, match="this item has no points to check"):
        checklist.clean(Asked("q", "checklist", config, keys=("a",)), {"a": {}})


@pytest.mark.django_db
def test_a_claim_through_the_api_says_which_points_of_the_item_to_check(
    researcher: User, annotator: User, api: APIClient
) -> None:
    question = {"name": "checks", "kind": "checklist", "shows": "each", "config": {"points_from": "item"}}
    campaign = make_campaign(researcher, questions=[question])
    (row,) = pair_rows(1, 1)
    import_rows(campaign, [row | {"points": [{"key": "x", "text": "X?"}, {"key": "y", "text": "Y?", "weight": 3}]}])
    add_member(campaign, person(annotator))
    change_state(campaign, "launch")
    api.force_authenticate(annotator)
    claimed = api.post("/api/v1/campaigns/pairs/claim/", {}, format="json").json()
    assert [point["key"] for point in claimed["questions"][0]["config"]["points"]] == ["x", "y"]
    url = f"/api/v1/assignments/{claimed['id']}/annotation/"
    assert api.put(url, {"answers": {"checks": {"a": {"x": "yes"}}}}, format="json").status_code == 422
    done = api.put(url, {"answers": {"checks": {"a": {"x": "yes", "y": "no"}}}}, format="json")
    assert done.status_code == 201
    assert list(Label.objects.order_by("point").values_list("point", "value")) == [("x", "yes"), ("y", "no")]
    assert Score.objects.get().value == 0.25


def test_points_come_from_one_place() -> None:
    with pytest.raises(Invalid, match="points come from the items"):
        checklist.clean_config({"points_from": "item", "points": ["a"]})
    with pytest.raises(Invalid, match="points_from must be campaign or item"):
        checklist.clean_config({"points_from": "both", "points": ["a"]})


def test_points_that_are_made_later_may_be_missing_and_the_item_waits() -> None:
    config = checklist.clean_config({"points_from": "item", "generated": True})
    without, with_points = Source("p"), Source("p", points=[{"key": "x", "text": "X?"}])
    assert checklist.item_problem(config, "each", 1, without) is None
    assert (checklist.unready(config, without), checklist.unready(config, with_points)) == (True, False)
    assert not checklist.unready(checklist.clean_config({"points": ["a"]}), without)
    with pytest.raises(Invalid) as refused:
        checklist.clean_config({"points": ["a"], "generated": True})
    assert list(refused.value.fields) == ["config.generated"]
