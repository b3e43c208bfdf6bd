"""What a campaign's pages say of its work: counts, pace, who did how much, what to do next."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from annotate.access import campaigns_run_by, campaigns_seen_by
from annotate.asking_again import waiting
from annotate.models import Annotation, Annotator, Assignment, Campaign, Item, Member, Unit, User
from annotate.models.work import BASE_DESIGN
from annotate.repeating import repeats_left

PACE_OVER = timedelta(hours=1)
SHORTEST_PACE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Pace:
    """Answers finished in a while; `left` at that pace, where anything is left."""

    done: int
    over: timedelta
    left: timedelta | None

    @property
    def per_hour(self) -> int:
        return round(self.done / (self.over.total_seconds() / 3600))


def progress(campaign: Campaign) -> dict[str, int]:
    """Counts of the base design's assignments by state, and of what came beside it; parked ones are not wanted now.

    Silent repeats and what was asked again count as left until they are answered, or passed over by whom they wait for.
    """
    rows = Assignment.objects.filter(campaign=campaign).exclude(slot=None, purpose="")
    counts = {(purpose, state): n for purpose, state, n in rows.values_list("purpose", "state").annotate(n=Count("pk"))}
    base = {state: n for (purpose, state), n in counts.items() if not purpose}
    beside = any(purpose for purpose, _ in counts)
    repeat, again, done = Assignment.Purpose.REPEAT, Assignment.Purpose.AGAIN, Assignment.State.DONE
    return {
        "items": campaign.items.count(),
        "wanted": sum(n for state, n in base.items() if state != Assignment.State.PARKED),
        "done": base.get(done, 0),
        "in_progress": base.get(Assignment.State.LEASED, 0),
        "open": base.get(Assignment.State.OPEN, 0),
        "parked": base.get(Assignment.State.PARKED, 0),
        "annotations": Annotation.objects.filter(campaign=campaign).count(),
        "judge_annotations": Annotation.objects.filter(campaign=campaign, annotator__kind=Annotator.Kind.JUDGE).count(),
        "repeats_done": counts.get((repeat, done), 0),
        "repeats_left": repeats_left(campaign).count() if beside else 0,
        "again_done": counts.get((again, done), 0),
        "again_left": waiting(campaign).count() if beside else 0,
    }


def overview(campaign: Campaign) -> dict[str, object]:
    """Counts of a campaign, its pace and the people behind them."""
    counts = progress(campaign)
    return {
        "counts": counts,
        "skipped": campaign.skips.count(),
        "pace": pace(campaign, counts["wanted"] - counts["done"]),
        "annotators": annotators(campaign),
        "named": named_models(campaign),
        "waiting": campaign.items.filter(units__waits=Unit.Waits.POINTS).distinct().count(),
    }


def named_models(campaign: Campaign) -> int:
    """How many items have a completion whose text gives away which model wrote it."""
    return campaign.items.filter(completions__names_model=True).distinct().count()


def pace(campaign: Campaign, left: int) -> Pace | None:
    """The pace of the last hour, of work done here (imported answers were never leased); None where there was none."""
    now = timezone.now()
    done = Assignment.objects.filter(
        BASE_DESIGN, campaign=campaign, done_at__gte=now - PACE_OVER, leased_at__isnull=False
    ).values_list("leased_at", "done_at")
    starts = [leased for leased, _ in done if leased is not None]
    if not starts:
        return None
    over = max(min(now - min(starts), PACE_OVER), SHORTEST_PACE)
    return Pace(len(starts), over, left / len(starts) * over if left > 0 else None)


def annotators(campaign: Campaign) -> QuerySet[Annotator]:
    """Who annotated, with `count` and `last`, the busiest first."""
    return (
        Annotator.objects.filter(annotations__campaign=campaign)
        .annotate(count=Count("annotations"), last=Max("annotations__changed_at"))
        .order_by("-count", "name")
    )


def _counted(rows: QuerySet[Item] | QuerySet[Assignment] | QuerySet[Annotation]) -> Coalesce:
    counted = rows.order_by().values("campaign").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def own_campaigns(user: User) -> QuerySet[Campaign]:
    """The campaigns that the user runs, with `item_count`, `wanted`, `done`, `last`, `member`; the newest first."""
    slots = Assignment.objects.filter(BASE_DESIGN, campaign=OuterRef("pk")).exclude(state="parked")
    newest = Annotation.objects.filter(campaign=OuterRef("pk")).order_by("-changed_at").values("changed_at")[:1]
    return (
        campaigns_run_by(user)
        .annotate(
            item_count=_counted(Item.objects.filter(campaign=OuterRef("pk"))),
            wanted=_counted(slots),
            done=_counted(slots.filter(state=Assignment.State.DONE)),
            last=Coalesce(Subquery(newest), F("created_at")),
            member=Exists(Member.objects.filter(campaign=OuterRef("pk"), annotator__user=user)),
        )
        .order_by("-id")
    )


def joined_campaigns(user: User) -> QuerySet[Campaign]:
    """The campaigns that the user annotates and does not run, with `mine` done; the running ones first."""
    mine = Annotation.objects.filter(campaign=OuterRef("pk"), annotator__user=user)
    return (
        campaigns_seen_by(user)
        .exclude(pk__in=campaigns_run_by(user))
        .exclude(state=Campaign.State.DRAFT)
        .annotate(mine=_counted(mine), running=Q(state=Campaign.State.RUNNING))
        .order_by("-running", "-id")
    )
