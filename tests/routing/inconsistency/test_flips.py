import pytest

from annotate.models import Assignment, User
from routing.models import Judge, Verdict
from tests.routing.compared import compared, group, pair_item

pytestmark = pytest.mark.django_db


def test_a_judges_flips_are_kept_apart_from_its_ties(researcher: User) -> None:
    said = [("=", True), ("=", True), ("=", False), ("a", False)]
    items = [pair_item(f"r{n}", ("gpt", "judge", 5, 5 if n == 2 else 3, each)) for n, (each, _) in enumerate(said)]
    campaign = compared(researcher, items)
    judge = Judge.objects.create(
        campaign=campaign, annotator=campaign.imported_annotators.get(name="gpt"), provider="imported"
    )
    for n, (preferred, flip) in enumerate(said):
        held = Assignment.objects.get(unit__item__key=f"r{n}", unit__view__shows="pair", annotator=judge.annotator)
        answer = {"preferred": None if preferred == "=" else preferred}
        Verdict.objects.create(
            judge=judge,
            assignment=held,
            question="better",
            kind="pairwise",
            status="ok",
            answer=answer,
            details={"flip": flip, "s1": 0.8, "s2": 0.8 if flip else 0.2},
        )
    found = group(campaign, "judge", "same_annotator")
    assert found is not None
    flips = found["flips"]
    assert (flips["flipped"]["value"], flips["flipped"]["n"]) == (0.5, 4)
    assert (flips["ties"], flips["ties_flipped"]) == (3, 2)
    assert (flips["consistent_flipped"]["value"], flips["consistent_steady"]["value"]) == (0.0, 1.0)


def test_judges_whose_orders_are_not_known_have_none(researcher: User) -> None:
    found = group(compared(researcher, [pair_item("r1", ("gpt", "judge", 5, 3, "a"))]), "judge", "same_annotator")
    assert found is not None
    assert found["flips"] is None
