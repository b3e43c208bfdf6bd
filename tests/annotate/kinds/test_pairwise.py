"""Which of two is better: every rule of the answer, and the record it yields."""

from typing import Any

import pytest

from annotate.errors import Invalid
from annotate.kinds import Asked, kind
from annotate.kinds.base import PreferenceRow
from annotate.kinds.controls import Shown
from annotate.kinds.source import Source

pairwise = kind("pairwise")


def asked(**config: Any) -> Asked:
    return Asked("q", "pairwise", pairwise.clean_config(config), shows="pair", keys=("a", "b"))


def problem(answer: Any, **config: Any) -> str:
    with pytest.raises(Invalid) as refused:
        pairwise.clean(asked(**config), answer)
    return refused.value.message


def test_strength_is_required_if_configured_and_somebody_is_preferred() -> None:
    strengths = ["slightly", "clearly"]
    assert problem({"preferred": "a"}, strengths=strengths) == "q: strength must be 1 to 2 (slightly, clearly)"
    assert pairwise.clean(asked(strengths=strengths), {"preferred": "a", "strength": 2}) == {
        "preferred": "a",
        "strength": 2,
    }
    assert pairwise.clean(asked(strengths=strengths), {"preferred": None}) == {"preferred": None}


@pytest.mark.parametrize("strength", [0, 3, -1, 1.0, "1", True, [1]])
def test_strength_out_of_range_is_refused(strength: Any) -> None:
    assert "1 to 2" in problem({"preferred": "b", "strength": strength}, strengths=["slightly", "clearly"])


def test_strength_without_configuration_or_with_a_tie_is_refused() -> None:
    assert "not asked" in problem({"preferred": "a", "strength": 1})
    assert "a tie has no strength" in problem({"preferred": None, "strength": 1}, strengths=["slightly"])


def test_ties_are_explicit_and_can_be_forbidden() -> None:
    assert "null for a tie" in problem({})
    assert problem({"preferred": None}, allow_tie=False) == "q: a tie is not allowed: prefer a or b"


def test_both_bad_goes_with_a_tie_and_only_where_it_is_asked() -> None:
    assert pairwise.clean(asked(both_bad=True), {"preferred": None, "both_bad": True}) == {
        "preferred": None,
        "both_bad": True,
    }
    assert pairwise.clean(asked(both_bad=True), {"preferred": None, "both_bad": False}) == {"preferred": None}
    assert "not asked" in problem({"preferred": None, "both_bad": True})
    assert "preferred must be null" in problem({"preferred": "a", "both_bad": True}, both_bad=True)
    assert "preferred must be null" in problem({"preferred": "a", "both_bad": 0}, both_bad=True)
    assert "true or false" in problem({"preferred": None, "both_bad": 1}, both_bad=True)


def test_an_unknown_completion_or_part_is_refused() -> None:
    assert problem({"preferred": "c"}) == "q: preferred must be a or b, or null for a tie"
    assert "'prefered'" in problem({"preferred": "a", "prefered": "a"})


@pytest.mark.parametrize(
    ("answer", "row"),
    [
        ({"preferred": "a", "strength": 2}, PreferenceRow("a", "b", 1, 2)),
        ({"preferred": "b", "strength": 1}, PreferenceRow("a", "b", -1, 1)),
        ({"preferred": None}, PreferenceRow("a", "b", 0)),
        ({"preferred": None, "both_bad": True}, PreferenceRow("a", "b", 0, None, True)),
    ],
)
def test_the_sign_is_seen_from_the_first_completion(answer: Any, row: PreferenceRow) -> None:
    assert list(pairwise.records(asked(strengths=["slightly", "clearly"], both_bad=True), answer)) == [row]


@pytest.mark.parametrize(
    ("config", "keys"),
    [
        ({}, "120t"),
        ({"allow_tie": False}, "12"),
        ({"strengths": ["x", "y"], "both_bad": True}, "12340tb"),
        ({"strengths": [str(n) for n in range(9)]}, "1234567890t"),
    ],
)
def test_the_keys_are_those_of_its_options(config: dict[str, Any], keys: str) -> None:
    clean = pairwise.clean_config(config)
    assert "".join(pairwise.keys(clean, 2)) == keys
    shown = [Shown("a", "Response 1", ""), Shown("b", "Response 2", "")]
    controls = pairwise.controls(asked(**config), {}, shown)
    options = [*controls["field"].options, *controls["apart"]]
    assert sorted("".join(option.keys.replace(" ", "") for option in options)) == sorted(keys)


def test_an_item_needs_two_completions() -> None:
    assert "exactly two" in str(pairwise.item_problem({}, "all", 3, Source()))
    assert pairwise.item_problem({}, "all", 2, Source()) is None
    assert pairwise.item_problem({}, "pair", 3, Source()) is None
    assert pairwise.item_problem({}, "pair", 1, Source())


def test_a_forged_form_is_refused_like_any_answer() -> None:
    strengths = asked(strengths=["slightly"])
    for value in ("a", "a:9", "a:" + "9" * 5000, "zz:1", ":", "a:²"):
        with pytest.raises(Invalid):
            pairwise.clean(strengths, pairwise.from_form(strengths, {"q": value}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "config",
    [
        {"strengths": "much"},
        {"strengths": ["x", "x"]},
        {"strengths": [""]},
        {"allow_tie": 1},
        {"both_bad": True, "allow_tie": False},
    ],
)
def test_a_wrong_configuration_is_refused(config: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        pairwise.clean_config(config)
