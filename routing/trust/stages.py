"""The judges of a cascade with what they may keep, and which units come to them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from annotate.models import Unit
from routing.models import Cascade, Certificate, Judge, Route, Verdict

POLICY = "cascade"
AUDIT = "random audit share"


@dataclass(frozen=True, slots=True)
class Stage:
    """A judge of the cascade with the certificate it stands on, if any."""

    judge: Judge
    certificate: Certificate | None

    @property
    def threshold(self) -> float | None:
        """The confidence from which its label stands; None where it may keep nothing."""
        suspended = self.judge.suspended_at is not None
        return None if suspended or self.certificate is None else self.certificate.threshold


def stages(cascade: Cascade) -> list[Stage]:
    """The judges in their order, with the newest certificate that promises what the cascade does."""
    known = {judge.pk: judge for judge in Judge.objects.filter(pk__in=cascade.judges).select_related("annotator")}
    found = [known[pk] for pk in cascade.judges if pk in known]
    return [Stage(judge, in_force(judge, cascade.question, cascade.target, cascade.delta)) for judge in found]


def in_force(judge: Judge, question: str, target: float, delta: float) -> Certificate | None:
    """The judge's newest certificate for the question, if it promises at least this and is not suspended."""
    newest = Certificate.objects.filter(judge=judge, question=question).order_by("-look").first()
    if newest is None or newest.suspended_at is not None or newest.threshold is None:
        return None
    return newest if newest.target >= target and newest.delta <= delta else None


def passed_to(judge: Judge) -> QuerySet[Unit] | None:
    """The units that a later judge of a cascade is to answer; None where the judge answers all.

    They are those routed to it, and of the audited ones those that no judge before it would have kept: what it is held
    against must be drawn from what it gets.
    """
    cascade = Cascade.objects.filter(campaign=judge.campaign, enabled=True).select_related("campaign").first()
    if cascade is None or judge.pk not in cascade.judges[1:]:
        return None
    routed = Route.objects.filter(unit=OuterRef("pk"), judge=judge)
    audit = Route.objects.filter(unit=OuterRef("pk"), in_force=True, policy=POLICY, reason=AUDIT)
    units = Unit.objects.filter(campaign=judge.campaign)
    before = units.filter(Exists(audit))
    for stage in stages(cascade)[: cascade.judges.index(judge.pk)]:
        before = before.filter(pk__in=_not_kept(stage, cascade.question))
    return units.filter(Exists(routed)) | before


def _not_kept(stage: Stage, question: str) -> Any:
    verdicts = Verdict.objects.filter(judge=stage.judge, question=question, assignment__round=0)
    if stage.threshold is not None:
        verdicts = verdicts.exclude(status="ok", confidence__gte=stage.threshold)
    return verdicts.values("assignment__unit")
