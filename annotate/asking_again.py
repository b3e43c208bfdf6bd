"""Asks people again about units on which the labels contradict each other: other people, or the same ones once more.

What is made here stands beside the base design (`Assignment.Purpose.AGAIN`): it is asked because somebody chose the
unit, and hard units are chosen, so no figure of reliability may count it.
"""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from annotate.errors import Invalid, WrongState
from annotate.models import Annotator, Assignment, Campaign, Draft, Member, Skip, Standing, Unit, User
from annotate.parking import decisions, lock_items
from annotate.repeating import passed_over
from annotate.units import screen_orders

MOST_AT_ONCE = 1000
LARGEST_ID = 2**63
OTHERS, SAME = "others", "same"
UNKNOWN = "there is no such unit in this campaign"
WITHDRAWN = "its item was taken out of the campaign"
DECIDED = "a researcher is to decide it"
WAITS = "it waits for its checklist, or for judges"
ALREADY = "it is asked again already"
NOBODY = {
    OTHERS: "everybody in the campaign has answered it or passed it over",
    SAME: "nobody who can still answer has answered it",
}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """How many assignments were `made`, and for each unit (id) that got none the reason."""

    made: int
    left_out: dict[int, str] = field(default_factory=dict)


@transaction.atomic
def ask_again(campaign: Campaign, units: Iterable[int], who: str = OTHERS, by: User | None = None) -> AskedAgain:
    """Has people answer these units (ids, 1,000 at most) once more, before anything else that waits.

    `others`: one more person a unit, who has not answered it. `same`: everybody who answered it, in a round of its
    own, with the sides the other way round. Asked twice, a unit that still waits for its first asking is left out.
    `by` is who wanted it, for the log. Raises `Invalid`, and `WrongState` for a closed campaign.
    """
    wanted = list(dict.fromkeys(units))
    _check(campaign, wanted, who)
    lock_items(wanted)
    left_out = _kept_back(campaign, wanted, who)
    chosen = Unit.objects.filter(campaign=campaign, pk__in=[pk for pk in wanted if pk not in left_out])
    rows = MAKERS[who](campaign, list(chosen.select_related("item", "view").order_by("pk")))
    made = Assignment.objects.bulk_create(rows)
    served = {row.unit_id for row in made}
    left_out |= {pk: NOBODY[who] for pk in wanted if pk not in served and pk not in left_out}
    log.info("%s asked %s about %d units of %s again: %d rows", by, who, len(wanted), campaign.slug, len(made))
    return AskedAgain(len(made), left_out)


def _check(campaign: Campaign, units: Sequence[Any], who: Any) -> None:
    if not isinstance(who, str) or who not in NOBODY:
        raise Invalid("who must be others or same", {"who": "others or same"})
    if not 1 <= len(units) <= MOST_AT_ONCE or not all(type(pk) is int and 0 < pk < LARGEST_ID for pk in units):
        raise Invalid(f"units must be 1 to {MOST_AT_ONCE} ids of units", {"units": f"1 to {MOST_AT_ONCE} ids"})
    if campaign.state == Campaign.State.CLOSED:
        raise WrongState("this campaign is closed; reopen it to ask again")


def _kept_back(campaign: Campaign, units: Sequence[int], who: str) -> dict[int, str]:
    """Why units are not to be asked again now, by unit."""
    mine = Unit.objects.filter(campaign=campaign, pk__in=units)
    reasons: dict[int, str] = dict.fromkeys(mine.values_list("pk", flat=True), "")
    for reason, rows in {
        ALREADY: waiting(campaign).filter(unit__in=units, slot__isnull=who == SAME).values_list("unit", flat=True),
        WAITS: mine.exclude(waits="").values_list("pk", flat=True),
        DECIDED: decisions().filter(unit__in=units).values_list("unit", flat=True),
        WITHDRAWN: mine.exclude(item__withdrawn_at=None).values_list("pk", flat=True),
    }.items():
        reasons |= {pk: reason for pk in rows if pk in reasons}
    return {pk: reasons.get(pk, UNKNOWN) for pk in units if reasons.get(pk, UNKNOWN)}


def waiting(campaign: Campaign) -> QuerySet[Assignment]:
    """What was asked again and is not answered yet, without what the person it is meant for has passed over."""
    rows = Assignment.objects.filter(campaign=campaign, purpose=Assignment.Purpose.AGAIN)
    return rows.exclude(state=Assignment.State.DONE).exclude(Exists(passed_over()))


def _others(campaign: Campaign, units: Sequence[Unit]) -> list[Assignment]:
    """A slot beyond the overlap for each unit that somebody is left for."""
    rows = Assignment.objects.filter(unit__in=units, round=0)
    highest = dict(rows.values("unit").annotate(m=Max("slot")).values_list("unit", "m"))
    people = _people(campaign)
    met: dict[int, set[int]] = {}
    skips = Skip.objects.filter(unit__in=units, round=0)
    for found in (rows.exclude(annotator=None), skips):
        for pk, annotator in found.values_list("unit", "annotator"):
            met.setdefault(pk, set()).add(annotator)
    made = []
    for unit in units:
        if people <= met.get(unit.pk, set()):
            continue
        last = highest.get(unit.pk)
        slot = 0 if last is None else last + 1
        *_, shown = screen_orders(unit.item.key, unit.view, tuple(unit.keys), slot + 1)
        made.append(_row(campaign, unit.pk, slot=slot, shown=list(shown)))
    return made


def _same(campaign: Campaign, units: Sequence[Unit]) -> list[Assignment]:
    """A reserved row for each person and unit that he answered in a slot."""
    rows = Assignment.objects.filter(unit__in=units, annotator__in=_people(campaign))
    answered = rows.filter(state=Assignment.State.DONE).exclude(slot=None)
    own = Assignment.objects.filter(unit__in=units).annotate(who=Coalesce("annotator", "reserved_for"))
    rounds = own.exclude(who=None).values("unit", "who").annotate(m=Max("round"))
    highest = {(unit, who): m for unit, who, m in rounds.values_list("unit", "who", "m")}
    return [
        _row(
            campaign,
            unit,
            reserved_for_id=annotator,
            round=highest[unit, annotator] + 1,
            shown=shown[::-1],
            arm=arm,
        )
        for unit, annotator, shown, arm in answered.order_by("unit", "annotator", "pk").values_list(
            "unit", "annotator", "shown", "arm"
        )
    ]


MAKERS = {OTHERS: _others, SAME: _same}


def _row(campaign: Campaign, unit: int, **fields: Any) -> Assignment:
    return Assignment(
        campaign=campaign,
        version=campaign.current,
        unit_id=unit,
        purpose=Assignment.Purpose.AGAIN,
        lane=Assignment.URGENT,
        **fields,
    )


def _people(campaign: Campaign) -> set[int]:
    """The annotators (ids) who can still answer: members who sign in, and who are neither paused nor excluded."""
    out = Standing.objects.filter(Q(paused_at__isnull=False) | Q(excluded_at__isnull=False), campaign=campaign)
    members = Member.objects.filter(campaign=campaign, annotator__kind=Annotator.Kind.HUMAN)
    members = members.filter(annotator__user__is_active=True).exclude(annotator__in=out.values("annotator"))
    return set(members.values_list("annotator", flat=True))


@transaction.atomic
def cancel_again(campaign: Campaign, units: Collection[int] | None = None) -> int:
    """Takes back what was asked again of these units (ids; all of them by default) and nobody has begun.

    Returns how many rows that were. What somebody has on the screen, or has left a draft of, stays.
    """
    rows = Assignment.objects.filter(campaign=campaign, purpose=Assignment.Purpose.AGAIN)
    rows = rows.filter(state__in=[Assignment.State.OPEN, Assignment.State.PARKED])
    if units is not None:
        rows = rows.filter(unit__in=units)
    untouched = rows.exclude(Exists(Draft.objects.filter(assignment=OuterRef("pk"))))
    taken = list(untouched.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    Assignment.objects.filter(pk__in=taken).delete()
    return len(taken)


def asked_again(campaign: Campaign) -> QuerySet[Assignment]:
    """`waiting`, with what a list of them shows."""
    return waiting(campaign).select_related("unit__item", "unit__view", "reserved_for")
