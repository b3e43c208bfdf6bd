"""Certificates: from which confidence on a judge agrees with people as often as is asked, and with what certainty."""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import Max

from annotate.errors import Invalid
from annotate.models import User
from annotate.stats import abstention
from routing.models import Calibration, Certificate, Judge
from routing.trust.held_out import REFERENCE, asked_now, held_out
from routing.trust.population import asked_digest, looks, siblings
from routing.trust.stages import place_of

MANY, PATIENT = 600, 100
"""Of many units the first test waits for a hundred: among fewer one early error ends the sequence. It is the number of
units that decides, never their labels."""


@transaction.atomic
def certify(judge: Judge, question: str, target: Any, delta: Any, user: User | None = None) -> Certificate:
    """One more look: the lowest confidence at which the judge keeps the target agreement, with probability 1 − δ.

    The k-th look at a judge and question tests at 6δ/(π²k²), whatever came of the looks before (methods: fixed-sequence
    test of Clopper–Pearson bounds); copies of a judge share their looks. A look without a threshold is stored too, with
    the reason. Raises `Invalid`.
    """
    target, delta = clean_share(target, "target"), clean_share(delta, "delta")
    asked = asked_now(judge, question)
    list(siblings(judge).select_for_update().order_by("pk").values_list("pk"))  # one look at a time
    look = (looks(judge, asked.name).aggregate(last=Max("look"))["last"] or 0) + 1
    held = held_out(judge, asked)
    found = abstention.certify(
        [each.confidence for each in held],
        [each.agrees for each in held],
        [each.group for each in held],
        target,
        delta,
        certification=look,
        at_least=PATIENT if len(held) >= MANY else 0,
    )
    return Certificate.objects.create(
        judge=judge,
        question=question,
        look=look,
        target=target,
        delta=delta,
        calibration=calibration_of(judge, asked.name, asked.kind),
        threshold=found.threshold,
        n=found.n or 0,
        errors=found.errors or 0,
        bound=found.bound,
        coverage=found.coverage,
        reference=REFERENCE,
        asked=asked_digest(asked),
        before=place_of(judge),
        reason=found.reason[:500],
        path=[asdict(step) for step in found.path],
        created_by=user,
    )


def calibration_of(judge: Judge, question: str, kind: str) -> Calibration | None:
    """The calibration that the judge's protocol was made with."""
    chosen = judge.protocols.get(f"question:{question}") or judge.protocols.get(kind) or {}
    pk: int | None = chosen.get("calibration")
    return None if pk is None else Calibration.objects.filter(pk=pk).first()


def clean_share(value: Any, name: str) -> float:
    """A number strictly between 0 and 1. Raises `Invalid` for the field `name`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1:
        raise Invalid(f"{name} must be above 0 and below 1 (0 to 100 %)", {name: "above 0 and below 1"})
    return float(value)
