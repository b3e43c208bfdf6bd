"""The watch over judges that work alone: is their agreement on the audited units still what was certified?"""

from dataclasses import dataclass

from django.db.models import Max
from django.utils import timezone

from annotate.errors import WrongState
from annotate.models import Annotation, Annotator
from annotate.stats.drift import drift
from routing.models import Cascade, Certificate, Judge, Route
from routing.trust.held_out import asked_now, held_out
from routing.trust.stages import AUDIT, POLICY, Stage, stages


@dataclass(frozen=True, slots=True)
class Watch:
    """The audited units since the certificate that the judge would have kept: `e_value` suspends at `limit`."""

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
    answered = _answered(stage.judge, certificate)
    held = [
        each
        for each in held_out(stage.judge, question)
        if each.unit in answered and each.confidence >= certificate.threshold
    ]
    held.sort(key=lambda each: answered[each.unit])
    found = drift([each.agrees for each in held], certificate.target, certificate.delta, [each.group for each in held])
    return Watch(found.n, found.errors, found.e_value, 1 / certificate.delta, found.suspended)


def _answered(judge: Judge, certificate: Certificate) -> dict[int, int]:
    """Audited unit → the newest of people's annotations in it, for those that came after the certificate."""
    audit = Route.objects.filter(campaign=judge.campaign, policy=POLICY, in_force=True, reason=AUDIT)
    people = Annotation.objects.filter(
        campaign=judge.campaign,
        annotator__kind=Annotator.Kind.HUMAN,
        created_at__gt=certificate.created_at,
        unit__in=audit.values("unit"),
    )
    return dict(people.values_list("unit").annotate(newest=Max("pk")).values_list("unit", "newest"))


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
