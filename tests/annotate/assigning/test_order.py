"""In which order: spacing of prompt groups, lanes, cursors."""

import pytest

from annotate.assigning import claim
from annotate.campaigns import add_member, change_state
from annotate.models import Annotator, Assignment, Campaign, Member, User
from annotate.submitting import submit
from tests.factories import import_rows, make_campaign, make_user, pair_rows, person, running_campaign

pytestmark = pytest.mark.django_db

GOOD = {"overall": {"preferred": "a"}}


def work(campaign: Campaign, annotator: Annotator, most: int = 1000) -> list[str]:
    """The item keys in the order in which this annotator gets them."""
    order: list[str] = []
    while len(order) < most and (assignment := claim(campaign, annotator)):
        order.append(assignment.unit.item.key)
        submit(assignment, annotator, GOOD, claim_next=False)
    return order


def grouped(researcher: User, annotator: User, prompts: str, spacing: int) -> Campaign:
    """A campaign with an item per letter, items of one letter sharing a prompt, in exactly this order."""
    campaign = make_campaign(researcher, spacing=spacing)
    for i, (row, letter) in enumerate(zip(pair_rows(len(prompts)), prompts, strict=True)):
        assert import_rows(campaign, [{**row, "key": f"{letter}{i}", "prompt": letter}]).done == 1
    add_member(campaign, person(annotator))
    return change_state(campaign, "launch")


def letters(keys: list[str]) -> str:
    return "".join(key[0] for key in keys)


def test_items_of_one_prompt_lie_apart_where_they_can(researcher: User, annotator: User) -> None:
    campaign = grouped(researcher, annotator, "aaabbbccc", 2)
    assert letters(work(campaign, person(annotator))) == "abcabcabc"


def test_they_follow_each_other_where_nothing_else_is_left(researcher: User, annotator: User) -> None:
    campaign = grouped(researcher, annotator, "aaab", 5)
    assert letters(work(campaign, person(annotator))) == "abaa"


def test_without_spacing_the_order_of_the_file_holds(researcher: User, annotator: User) -> None:
    campaign = grouped(researcher, annotator, "aaabbc", 0)
    assert letters(work(campaign, person(annotator))) == "aaabbc"


def test_urgent_rows_come_first(researcher: User, annotator: User) -> None:
    campaign = running_campaign(researcher, 4, [annotator])
    Assignment.objects.filter(unit__item__key__in=["r2", "r3"]).update(lane=Assignment.URGENT)
    assert work(campaign, person(annotator)) == ["r2", "r3", "r0", "r1"]


def test_a_cursor_follows_the_work_in_its_lane(researcher: User, annotator: User) -> None:
    campaign = running_campaign(researcher, 4, [annotator], spacing=0)
    Assignment.objects.filter(unit__item__key="r3").update(lane=Assignment.URGENT)
    work(campaign, person(annotator), 3)
    member = Member.objects.get(annotator=person(annotator))
    ranks = dict(Assignment.objects.values_list("unit__item__key", "rank"))
    assert (member.cursor_urgent, member.cursor_normal) == (ranks["r3"], ranks["r1"])


@pytest.mark.parametrize("lane", [Assignment.URGENT, Assignment.NORMAL])
def test_a_row_that_returns_behind_the_cursor_is_found_before_nothing_is(
    researcher: User, annotator: User, lane: int
) -> None:
    campaign, me = running_campaign(researcher, 5, [annotator], overlap=2), person(annotator)
    late = Assignment.objects.get(unit__item__key="r1", slot=0)
    Assignment.objects.filter(unit=late.unit).exclude(pk=late.pk).update(state="parked")
    Assignment.objects.filter(pk=late.pk).update(state="parked", lane=lane)
    assert len(work(campaign, me)) == 4
    assert claim(campaign, me) is None
    Member.objects.update(cursor_urgent=10**15, cursor_normal=10**15)
    Assignment.objects.filter(pk=late.pk).update(state="open")
    assert work(campaign, me) == ["r1"]


def test_new_items_are_found_by_those_who_had_finished(researcher: User, annotator: User) -> None:
    campaign, me = running_campaign(researcher, 2, [annotator]), person(annotator)
    assert work(campaign, me) == ["r0", "r1"]
    import_rows(campaign, pair_rows(4))
    assert work(campaign, me) == ["r2", "r3"]


def test_annotators_share_a_campaign_without_getting_in_each_others_way(researcher: User, annotator: User) -> None:
    other = make_user("bob")
    campaign = running_campaign(researcher, 4, [annotator, other])
    first, second = claim(campaign, person(annotator)), claim(campaign, person(other))
    assert first is not None
    assert second is not None
    assert first.unit.item.key == "r0"
    assert second.unit.item.key == "r1"
