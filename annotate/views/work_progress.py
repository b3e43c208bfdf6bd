"""An annotator's own progress: what is done, and about how much may be left for him."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists

from annotate.assigning import LANES, NOT_MINE
from annotate.models import Annotation, Annotator, Assignment, Campaign, Member
from annotate.repeating import due, passed_over

MOST_COUNTED = 1000

LEFT = f"""
    SELECT count(DISTINCT ready.unit_id), count(*) FROM (
        SELECT a.unit_id FROM annotate_assignment a
        WHERE a.campaign_id = %(campaign)s AND a.lane = %(lane)s AND a.state = 'open' AND a.reserved_for_id IS NULL
          AND a.rank > %(cursor)s AND {NOT_MINE}
        ORDER BY a.rank LIMIT {MOST_COUNTED}
    ) ready
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """`more` where there were too many to count."""

    done: int
    left: int
    more: bool


def progress_of(campaign: Campaign, annotator: Annotator) -> Progress:
    """What the annotator has done in the campaign, and what is left: at least, and without what others hold now."""
    done = Annotation.objects.filter(campaign=campaign, annotator=annotator).count()
    mine = Assignment.objects.filter(due(), campaign=campaign, state=Assignment.State.OPEN, reserved_for=annotator)
    left, more = mine.exclude(Exists(passed_over())).count(), False
    member = Member.objects.filter(campaign=campaign, annotator=annotator).first()
    for lane, cursor in LANES if member else ():
        units, rows = _left(campaign, annotator, lane, getattr(member, cursor))
        left, more = left + units, more or rows == MOST_COUNTED
    return Progress(done, left, more)


def _left(campaign: Campaign, annotator: Annotator, lane: int, start: int) -> tuple[int, int]:
    values = {"campaign": campaign.pk, "me": annotator.pk, "lane": lane, "cursor": start}
    with connection.cursor() as cursor:
        cursor.execute(LEFT, values)
        units, rows = cursor.fetchone()
    return int(units), int(rows)
