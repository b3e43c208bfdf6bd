"""Asking other people, or the same ones, about units once more."""

import threading
from typing import Any

import pytest
from django.db import connection

from annotate.api.payloads import assignment_payload
from annotate.asking_again import ask_again, asked_again, cancel_again
from annotate.assigning import claim
from annotate.campaigns import change_state
from annotate.errors import Invalid, WrongState
from annotate.flagging import flag, skip
from annotate.frames import Frames
from annotate.models import Annotation, Annotator, Assignment, Campaign, Standing, Unit, User
from annotate.overview import progress
from annotate.parking import lock_item, withdraw
from annotate.submitting import save_draft, submit
from tests.factories import import_rows, make_user, pair_rows, person, running_campaign

pytestmark = pytest.mark.django_db

A, B = ({"overall": {"preferred": key}} for key in "ab")


@pytest.fixture
def me(annotator: User) -> Annotator:
    return person(annotator)


@pytest.fixture
def bob(db: None) -> Annotator:
    return person(make_user("bob"))


@pytest.fixture
def campaign(researcher: User, me: Annotator, bob: Annotator) -> Campaign:
    """Two items that the first annotator has answered; the other annotator has answered none."""
    assert me.user
    assert bob.user
    campaign = running_campaign(researcher, 2, [me.user, bob.user])
    for _ in range(2):
        answer(campaign, me)
    return campaign


def answer(campaign: Campaign, annotator: Annotator, answers: Any = A) -> Assignment:
    assignment = claim(campaign, annotator)
    assert assignment is not None
    submit(assignment, annotator, answers, claim_next=False)
    return assignment


def units(campaign: Campaign) -> list[int]:
    return list(Unit.objects.filter(campaign=campaign).order_by("pk").values_list("pk", flat=True))


def again() -> Any:
    return Assignment.objects.filter(purpose="again")


def test_others_get_a_slot_beyond_the_overlap_before_everything_else(
    campaign: Campaign, me: Annotator, bob: Annotator
) -> None:
    import_rows(campaign, [{**row, "key": row["key"] + "new"} for row in pair_rows(2)])
    first, second = units(campaign)[:2]
    asked = ask_again(campaign, [second])
    assert (asked.made, asked.left_out) == (1, {})
    row = again().get()
    assert (row.unit_id, row.slot, row.round, row.reserved_for, row.lane) == (second, 1, 0, None, 0)
    done = Assignment.objects.get(unit=second, slot=0)
    assert row.shown == done.shown[::-1]
    assert answer(campaign, bob).pk == row.pk
    assert first != second


def test_who_has_answered_it_is_not_one_of_the_others(campaign: Campaign, me: Annotator) -> None:
    ask_again(campaign, units(campaign))
    assert claim(campaign, me) is None


def test_the_same_people_get_it_in_a_round_of_their_own_with_the_sides_changed(
    campaign: Campaign, me: Annotator, bob: Annotator
) -> None:
    one, _ = units(campaign)
    assert ask_again(campaign, [one], "same").made == 1
    row = again().get()
    assert (row.slot, row.round, row.reserved_for, row.lane) == (None, 1, me, 0)
    assert row.shown == Assignment.objects.get(unit=one, slot=0).shown[::-1]
    assert claim(campaign, bob) is None
    assert answer(campaign, me, B).pk == row.pk
    assert ask_again(campaign, [one], "same").made == 1
    assert again().filter(round=2).count() == 1


def test_asking_twice_does_no_harm(campaign: Campaign, bob: Annotator) -> None:
    one, two = units(campaign)
    assert ask_again(campaign, [one, one]).made == 1
    asked = ask_again(campaign, [one, two])
    assert (asked.made, asked.left_out) == (1, {one: "it is asked again already"})
    assert ask_again(campaign, [one], "same").made == 1
    answer(campaign, bob)
    assert ask_again(campaign, [one]).made == 1


def test_a_third_person_gets_the_next_slot(researcher: User, campaign: Campaign, bob: Annotator) -> None:
    one, _ = units(campaign)
    ask_again(campaign, [one])
    answer(campaign, bob)
    assert ask_again(campaign, [one]).made == 1  # The researcher is a member too.
    assert again().get(state="open").slot == 2
    answer(campaign, person(researcher))
    assert ask_again(campaign, [one]).left_out == {one: "everybody in the campaign has answered it or passed it over"}


def test_what_cannot_be_asked_is_named_with_the_reason(campaign: Campaign, me: Annotator) -> None:
    one, two = units(campaign)
    withdraw(lock_item(Unit.objects.get(pk=one).item_id))
    flag(Assignment.objects.get(unit=two), me, "unsure")
    asked = ask_again(campaign, [one, two, 999_999_999])
    assert asked.made == 0
    assert asked.left_out == {
        one: "its item was taken out of the campaign",
        two: "a researcher is to decide it",
        999_999_999: "there is no such unit in this campaign",
    }


def test_units_of_another_campaign_are_unknown_here(researcher: User, campaign: Campaign) -> None:
    other = running_campaign(researcher, 1, slug="other")
    (foreign,) = units(other)
    assert ask_again(campaign, [foreign]).left_out == {foreign: "there is no such unit in this campaign"}
    assert not again().exists()


def test_who_is_paused_excluded_or_imported_is_not_asked_the_same_again(
    researcher: User, campaign: Campaign, me: Annotator
) -> None:
    one, _ = units(campaign)
    Standing.objects.create(campaign=campaign, annotator=me, paused_at="2026-01-01T00:00Z")
    reason = "nobody who can still answer has answered it"
    assert ask_again(campaign, [one], "same").left_out == {one: reason}
    rows = [{**pair_rows(1)[0], "key": "i", "annotations": [{"annotator": "x", "kind": "human", "answers": A}]}]
    import_rows(campaign, rows)
    imported = units(campaign)[-1]
    assert ask_again(campaign, [imported], "same").left_out == {imported: reason}


@pytest.mark.parametrize("given", [[], [0], [-1], ["1"], [True], [2**63], list(range(1, 1002))])
def test_units_that_are_no_ids_are_refused(campaign: Campaign, given: list[Any]) -> None:
    with pytest.raises(Invalid, match="1 to 1000 ids"):
        ask_again(campaign, given)


def test_a_closed_campaign_and_an_unknown_who_are_refused(campaign: Campaign) -> None:
    with pytest.raises(Invalid, match="others or same"):
        ask_again(campaign, units(campaign), "everybody")
    change_state(campaign, "close")
    with pytest.raises(WrongState, match="reopen it"):
        ask_again(campaign, units(campaign))


def test_what_is_asked_again_is_beside_the_base_design(campaign: Campaign, me: Annotator, bob: Annotator) -> None:
    ask_again(campaign, units(campaign))
    counts = progress(campaign)
    assert (counts["wanted"], counts["done"], counts["open"], counts["again_left"]) == (2, 2, 0, 2)
    answer(campaign, bob)
    assert ask_again(campaign, units(campaign), "same").made == 3
    answer(campaign, me)
    found = Frames(campaign).preferences("overall")
    assert (found.base.sum(), len(found)) == (2, 4)
    counts = progress(campaign)
    assert (counts["wanted"], counts["again_done"], counts["again_left"]) == (2, 2, 3)


def test_it_may_be_taken_back_while_nobody_has_begun(campaign: Campaign, bob: Annotator) -> None:
    one, two = units(campaign)
    ask_again(campaign, [one, two])
    held = claim(campaign, bob)
    assert held is not None
    assert cancel_again(campaign, [held.unit_id]) == 0
    assert cancel_again(campaign) == 1
    assert again().get() == held
    save_draft(held, bob, A)
    skip(held, bob, "other")
    assert cancel_again(campaign) == 0  # His draft stays.
    assert asked_again(campaign).get() == held


def test_a_reserved_one_that_was_passed_over_does_not_wait(campaign: Campaign, me: Annotator) -> None:
    one, _ = units(campaign)
    ask_again(campaign, [one], "same")
    held = claim(campaign, me)
    assert held is not None
    skip(held, me, "other")
    assert not asked_again(campaign).exists()
    assert ask_again(campaign, [one], "same").made == 1
    assert answer(campaign, me).round == 2


def test_an_annotator_does_not_learn_of_it(campaign: Campaign, me: Annotator) -> None:
    ask_again(campaign, units(campaign), "same")
    held = claim(campaign, me)
    assert held is not None
    assert assignment_payload(held, me)["round"] == 0


@pytest.mark.django_db(transaction=True)
def test_two_researchers_at_once_ask_once(campaign: Campaign) -> None:
    wanted, made, start = units(campaign), list[int](), threading.Barrier(4)

    def send() -> None:
        try:
            start.wait()
            made.append(ask_again(campaign, wanted).made)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [0, 0, 0, 2]
    assert Annotation.objects.count() == 2
