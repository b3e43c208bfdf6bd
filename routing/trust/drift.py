"""The watch over judges that work alone: is their agreement on the audited units still what was certified?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from annotate.errors import WrongState
from annotate.models import Assignment
from annotate.stats.drift import drift
from routing.models import Cascade, Certificate, Judge, Route
from routing.trust.held_out import asked_now, held_out
from routing.trust.stages import AUDIT, POLICY, Stage, stages


@dataclass(frozen=True, slots=True)
class Watch:
    """The audited units that the judge would have kept since it was certified: `e_value` suspends at `limit`."""

    n: int
    errors: int
    e_value: float
    limit: float
    suspended: bool


def watch(stage: Stage, cascade: Cascade) -> Watch:
    """How the judge's certificate holds up, by an anytime-valid test (`annotate.stats.drift`)."""
    certificate = stage.certificate
    if certificate is None or certificate.threshold is None:
        return Watch(0, 0, 1.0, 1 / cascade.delta, False)
    question = asked_now(stage.judge, cascade.question)
    series = _series(certificate)
    completed = _completed(stage.judge, series[-1].created_at)
    held = [
        each
        for each in held_out(stage.judge, question)
        if each.unit in completed and each.confidence >= _threshold(series, completed[each.unit])
    ]
    held.sort(key=lambda each: (completed[each.unit], each.unit))
    found = drift([each.agrees for each in held], certificate.target, certificate.delta, [each.group for each in held])
    return Watch(found.n, found.errors, found.e_value, 1 / certificate.delta, found.suspended)


def _series(certificate: Certificate) -> list[Certificate]:
    """The certificates that the watch goes over, newest first: a look anew does not wipe out what was seen.

    They are those of the judge for the same question and place in the line with at least this promise, back to the
    last suspension. Looks in between that promise less, or nothing, break no series: else one could be had for a reset.
    """
    found: list[Certificate] = []
    earlier = Certificate.objects.filter(judge=certificate.judge_id, question=certificate.question)
    for each in earlier.filter(look__lte=certificate.look).order_by("-look"):
        if each.suspended_at or (each.asked, each.before) != (certificate.asked, certificate.before):
            break
        if each.threshold is not None and each.target >= certificate.target and each.delta <= certificate.delta:
            found.append(each)
    return found


def _threshold(series: Sequence[Certificate], moment: datetime) -> float:
    """The threshold of the newest certificate at that moment: one chosen later may have been chosen on its label."""
    return next(each.threshold for each in series if each.threshold is not None and each.created_at < moment)


def _completed(judge: Judge, since: datetime) -> dict[int, datetime]:
    """Audited unit → when people had filled its base design, for those they began and filled after `since`.

    Half-filled ones wait: which of people's labels comes first must not decide what the unit counts as.
    """
    audit = Route.objects.filter(campaign=judge.campaign, policy=POLICY, in_force=True, reason=AUDIT)
    base = Assignment.objects.filter(
        campaign=judge.campaign, unit__in=audit.values("unit"), slot__isnull=False, purpose="", round=0
    )
    left = Count("pk", filter=~Q(state=Assignment.State.DONE))
    units = base.order_by().values("unit").annotate(left=left, first=Min("done_at"), last=Max("done_at"))
    return dict(units.filter(left=0, first__gt=since).values_list("unit", "last"))


def suspend_drifted(cascade: Cascade) -> list[Judge]:
    """Suspends the judges of the cascade whose certificate does not hold any more; returns them."""
    found = []
    for stage in stages(cascade):
        if stage.threshold is None or stage.certificate is None:
            continue
        state = watch(stage, cascade)
        if state.suspended:
            _suspend(stage.judge, stage.certificate, state)
            found.append(stage.judge)
    return found


def _suspend(judge: Judge, certificate: Certificate, state: Watch) -> None:
    why = (
        f"On {state.n} audited units since its certificate it disagrees with people on {state.errors}: too many for "
        f"the target of {certificate.target:.0%}. What it would have kept goes to the next judge or to people."
    )
    now = timezone.now()
    Certificate.objects.filter(pk=certificate.pk).update(suspended_at=now, suspended_because=why)
    Judge.objects.filter(pk=judge.pk, suspended_at=None).update(suspended_at=now, suspended_because=why)


def reinstate(judge: Judge) -> None:
    """Lets a suspended judge run again; its suspended certificate stays so. Raises `WrongState`."""
    if not Judge.objects.filter(pk=judge.pk, suspended_at__isnull=False).update(
        suspended_at=None, suspended_because=""
    ):
        raise WrongState(f"{judge} is not suspended")
    judge.refresh_from_db()
