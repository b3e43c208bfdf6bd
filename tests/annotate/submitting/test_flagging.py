"""Skipping and flagging with reasons, what each does, and what researchers do about it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from annotate.assigning import claim, release, take
from annotate.campaigns import add_member
from annotate.errors import Invalid, LeaseLost
from annotate.flagging import flag, skip
from annotate.models import Annotator, Assignment, Campaign, Draft, Flag, Item, Skip, User
from annotate.overview import progress
from annotate.parking import sweep
from annotate.resolving import resolve
from annotate.submitting import submit
from tests.factories import make_user, person, running_campaign

pytestmark = pytest.mark.django_db

A = {"overall": {"preferred": "a"}}
STATES = ["done", "leased", "open", "parked"]


@pytest.fixture
def me(annotator: User) -> Annotator:
    return person(annotator)


@pytest.fixture
def other() -> Annotator:
    return person(make_user("bob"))


@pytest.fixture
def boss(researcher: User) -> Annotator:
    return person(researcher)


@pytest.fixture
def campaign(researcher: User, annotator: User, other: Annotator) -> Campaign:
    assert other.user is not None
    return running_campaign(researcher, 2, [annotator, other.user], overlap=3)


@pytest.fixture
def held(campaign: Campaign, me: Annotator) -> Assignment:
    return got(campaign, me)


def got(campaign: Campaign, annotator: Annotator) -> Assignment:
    assignment = claim(campaign, annotator)
    assert assignment is not None
    return assignment


def states(item: str = "r0") -> dict[str, int]:
    rows = list(Assignment.objects.filter(unit__item__key=item).values_list("state", flat=True))
    return {state: rows.count(state) for state in STATES if state in rows}


def keys_got(campaign: Campaign, annotator: Annotator) -> list[str]:
    """Everything that the annotator gets from now on."""
    keys: list[str] = []
    while found := claim(campaign, annotator):
        keys.append(found.unit.item.key)
        submit(found, annotator, A, claim_next=False)
    return keys


@pytest.mark.parametrize("reason", ["lacks expertise", "ambiguous: both ways", "broken: not a key of ours", "anything"])
def test_a_skip_gives_the_item_to_somebody_else(
    campaign: Campaign, held: Assignment, me: Annotator, other: Annotator, reason: str
) -> None:
    assert skip(held, me, reason) == "another"
    assert states() == {"open": 3}
    assert not Flag.objects.exists()
    assert keys_got(campaign, me) == ["r1"]
    assert sorted(keys_got(campaign, other)) == ["r0", "r1"]


def test_a_skip_that_removes_takes_the_item_out_until_a_researcher_has_looked(
    campaign: Campaign, held: Assignment, me: Annotator, other: Annotator
) -> None:
    assert skip(held, me, "broken item: no text") == "remove"
    assert Item.objects.get(key="r0").withdrawn_at is not None
    assert states() == {"parked": 3}
    (made,) = Flag.objects.all()
    assert (made.reason, made.note, made.then, made.annotator) == ("broken item", "no text", "remove", me)
    assert Skip.objects.get().reason == "broken item: no text"
    assert keys_got(campaign, other) == ["r1"]


def test_who_holds_a_withdrawn_item_finishes_it_and_nobody_gets_it_from_him(
    campaign: Campaign, held: Assignment, me: Annotator, other: Annotator
) -> None:
    flag(held, me, "personal data")
    assert Item.objects.get(key="r0").withdrawn_at is not None
    Assignment.objects.filter(pk=held.pk).update(leased_until="2020-01-01T00:00:00Z")
    assert keys_got(campaign, other) == ["r1"]
    assert submit(held, me, A).outcome == "created"


def test_what_was_set_aside_on_a_screen_that_was_left_is_parked_after_a_while(
    campaign: Campaign, held: Assignment, me: Annotator
) -> None:
    flag(held, me, "personal data")
    kept = Assignment.objects.filter(pk=held.pk)
    kept.update(leased_until=timezone.now() - timedelta(minutes=30))
    assert (sweep(), states()) == (0, {"leased": 1, "parked": 2})
    kept.update(leased_until=timezone.now() - timedelta(minutes=61))
    assert (sweep(), states()) == (1, {"parked": 3})
    assert progress(campaign)["in_progress"] == 0
    with pytest.raises(LeaseLost):
        submit(held, me, A)
    assert Draft.objects.get(assignment=held).answers == A


def test_a_lease_that_ran_out_stays_its_holders_where_nothing_was_set_aside(held: Assignment) -> None:
    Assignment.objects.filter(pk=held.pk).update(leased_until=timezone.now() - timedelta(days=1))
    assert (sweep(), states()["leased"]) == (0, 1)


def test_giving_a_withdrawn_item_back_parks_it(campaign: Campaign, held: Assignment, me: Annotator) -> None:
    flag(held, me, "personal data")
    assert states() == {"leased": 1, "parked": 2}
    assert release(held, me)
    assert states() == {"parked": 3}


def test_a_unit_that_a_researcher_decides_is_parked_and_the_item_stays(
    campaign: Campaign, held: Assignment, me: Annotator, other: Annotator
) -> None:
    assert skip(held, me, "both unacceptable") == "adjudicate"
    assert Item.objects.get(key="r0").withdrawn_at is None
    assert states() == {"parked": 3}
    assert keys_got(campaign, other) == ["r1"]


def test_progress_counts_what_is_wanted_now(campaign: Campaign, held: Assignment, me: Annotator) -> None:
    submit(held, me, A, claim_next=False)
    flag(held, me, "unsure")
    counts = progress(campaign)
    assert (counts["wanted"], counts["done"], counts["open"], counts["parked"]) == (4, 1, 3, 2)


def test_flagging_leaves_the_item_where_it_is(campaign: Campaign, held: Assignment, me: Annotator) -> None:
    flag(held, me, "look at this", "  the table  ")
    assert states() == {"leased": 1, "open": 2}
    assert (Flag.objects.get().note, Flag.objects.get().then) == ("the table", "tell")
    assert submit(held, me, A).outcome == "created"
    flag(held, me, "unclear guidelines")
    assert Flag.objects.count() == 2


def test_the_same_flag_again_is_one_flag(held: Assignment, me: Annotator, boss: Annotator) -> None:
    first = flag(held, me, "unsure")
    assert flag(held, me, "unsure", "why").pk == first.pk
    assert Flag.objects.get().note == "why"
    resolve(first, boss, "return")
    assert flag(held, me, "unsure").resolution == "return"
    assert states() == {"leased": 1, "open": 2}


@pytest.mark.parametrize(
    ("reason", "note", "field"),
    [
        ("bored", "", "reason"),
        (None, "", "reason"),
        (3, "", "reason"),
        (["unsure"], "", "reason"),
        ("other", " ", "note"),
        ("unsure", "x" * 501, "note"),
        ("unsure", 3, "note"),
        ("unsure", "a\0b", "note"),
    ],
)
def test_a_flag_says_why(held: Assignment, me: Annotator, reason: Any, note: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        flag(held, me, reason, note)
    assert list(refused.value.fields) == [field]
    assert not Flag.objects.exists()


def test_only_who_holds_or_did_an_item_flags_it(held: Assignment, other: Annotator) -> None:
    with pytest.raises(LeaseLost):
        flag(held, other, "unsure")
    with pytest.raises(LeaseLost):
        skip(held, other, "broken item")
    assert not Flag.objects.exists()
    assert Item.objects.filter(withdrawn_at=None).count() == 2


def test_a_campaigns_own_reasons_do_what_they_say(researcher: User, annotator: User, me: Annotator) -> None:
    own: dict[str, Any] = {"skip_reasons": [{"key": "dull", "then": "remove"}], "flag_reasons": ["look"]}
    campaign = running_campaign(researcher, 2, [annotator], slug="own", **own)
    held = got(campaign, me)
    assert flag(held, me, "look").then == "tell"
    assert skip(held, me, "dull") == "remove"
    with pytest.raises(Invalid):
        flag(got(campaign, me), me, "unsure")


def test_a_judge_only_ever_passes_on(campaign: Campaign, held: Assignment) -> None:
    judge = Annotator.objects.create(organisation=campaign.organisation, campaign=campaign, kind="judge", name="j")
    add_member(campaign, judge)
    Assignment.objects.create(
        campaign=campaign, version=campaign.current, unit=held.unit, shown=held.shown, reserved_for=judge
    )
    assert skip(got(campaign, judge), judge, "broken item") == "another"
    assert not Flag.objects.exists()


def test_giving_back_opens_the_rows_at_the_end_of_the_line(
    campaign: Campaign, held: Assignment, me: Annotator, boss: Annotator, other: Annotator
) -> None:
    submit(held, me, A, claim_next=False)
    made = flag(held, me, "unsure")
    ranks = set(Assignment.objects.filter(state="parked").values_list("rank", flat=True))
    assert resolve(made, boss, "return") is None
    assert states() == {"done": 1, "open": 2}
    assert min(Assignment.objects.filter(unit=held.unit, state="open").values_list("rank", flat=True)) > max(ranks)
    made.refresh_from_db()
    assert (made.resolution, made.resolved_by, made.resolved_at is not None) == ("return", boss, True)
    assert keys_got(campaign, other) == ["r1", "r0"]


def test_an_item_is_put_back_or_left_out(held: Assignment, me: Annotator, boss: Annotator) -> None:
    made = flag(held, me, "personal data")
    resolve(made, boss, "remove")
    assert states() == {"leased": 1, "parked": 2}
    made.refresh_from_db()
    assert made.resolution == "remove"
    resolve(made, boss, "restore")
    assert Item.objects.get(key="r0").withdrawn_at is None
    assert states() == {"leased": 1, "open": 2}


def test_what_is_put_back_stays_with_the_researchers_where_its_unit_is_theirs(
    held: Assignment, me: Annotator, boss: Annotator
) -> None:
    flag(held, me, "unsure")
    resolve(flag(held, me, "personal data"), boss, "restore")
    assert states() == {"leased": 1, "parked": 2}
    resolve(Flag.objects.get(reason="unsure"), boss, "return")
    assert states() == {"leased": 1, "open": 2}


def test_a_researcher_answers_beside_the_overlap_and_the_queue_stays_parked(
    campaign: Campaign, held: Assignment, me: Annotator, boss: Annotator
) -> None:
    submit(held, me, A, claim_next=False)
    made = flag(held, me, "unsure")
    row, again = resolve(made, boss, "answer"), resolve(made, boss, "answer")
    assert row is not None
    assert row == again
    assert (row.slot, row.round, row.reserved_for, sorted(row.shown)) == (None, 1, boss, ["a", "b"])
    taken = take(row, boss)
    assert (taken.pk, taken.state, taken.annotator) == (row.pk, "leased", boss)
    done = submit(taken, boss, {"overall": {"preferred": None}}, claim_next=False)
    assert done.annotation.round == 1
    assert states() == {"done": 2, "parked": 2}
    assert progress(campaign)["wanted"] == 4


def test_a_decision_that_was_passed_over_can_be_taken_again_and_passed_over_again(
    campaign: Campaign, held: Assignment, me: Annotator, boss: Annotator
) -> None:
    made = flag(held, me, "unsure")
    for _ in range(2):
        row = resolve(made, boss, "answer")
        assert row is not None
        skip(take(row, boss), boss, "ambiguous")
        assert Assignment.objects.get(pk=row.pk).state == "open"
    assert "r0" not in keys_got(campaign, boss)


def test_taking_an_item_out_of_turn_gives_the_last_one_held_back(
    campaign: Campaign, held: Assignment, me: Annotator, boss: Annotator
) -> None:
    first = got(campaign, boss)
    second = claim(campaign, boss, [first.pk])
    assert second is not None
    row = resolve(flag(held, me, "look at this"), boss, "answer")
    assert row is not None
    take(row, boss)
    mine = Assignment.objects.filter(annotator=boss, state="leased").order_by("leased_at")
    assert [one.pk for one in mine] == [first.pk, row.pk]
    assert take(row, boss).pk == row.pk
    with pytest.raises(LeaseLost):
        take(second, me)


@pytest.mark.parametrize("resolution", [None, "", "done", 1, ["answer"]])
def test_an_unknown_resolution_is_refused(held: Assignment, me: Annotator, boss: Annotator, resolution: Any) -> None:
    with pytest.raises(Invalid) as refused:
        resolve(flag(held, me, "unsure"), boss, resolution)
    assert list(refused.value.fields) == ["resolution"]
