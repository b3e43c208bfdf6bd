"""What models cost: the price table of an organisation, the price a judge takes from it, and amounts of money."""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum

from annotate.checking import check_storable
from annotate.errors import Exists, Invalid, NotFound
from annotate.models import Campaign, Organisation
from routing.calling.money import MILLION
from routing.models import Budget, Judge, JudgeRun, Price

DEAREST = 100_000
"""Dollars a million tokens: more is a slip of the keyboard."""
MOST = 10_000_000
"""Dollars that a cap may name."""
PLACES = 6
FREE: dict[str, float] = {"input": 0.0, "output": 0.0}


def clean_price(given: Any, field: str = "price") -> dict[str, float]:
    """A price from `{input, output}` in US dollars a million tokens. Raises `Invalid`."""
    if not isinstance(given, Mapping) or set(given) - set(FREE):
        raise Invalid(f"{field} must be an object {{input, output}}", {field: "an object {input, output}"})
    return {side: _rate(given.get(side), f"{field}.{side}" if field else side) for side in FREE}


def _rate(value: Any, field: str) -> float:
    if not _is_amount(value, DEAREST):
        wanted = f"US dollars a million tokens, from 0 to {DEAREST:,}"
        raise Invalid(f"{field} must be a number of {wanted}", {field: wanted})
    return round(float(value), PLACES)


def millionths(value: Any, field: str = "cap") -> int | None:
    """An amount in US dollars as millionths of one; None stays None: no cap. Raises `Invalid`."""
    if value is None:
        return None
    if not _is_amount(value, MOST):
        raise Invalid(f"{field} must be an amount of US dollars", {field: f"US dollars, from 0 to {MOST:,}"})
    return round(Decimal(str(value)) * MILLION)


def dollars(amount: int | None) -> float | None:
    """Millionths of a US dollar as dollars."""
    return None if amount is None else amount / MILLION


def _is_amount(value: Any, most: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value <= most and not (isinstance(value, float) and math.isnan(value))


def price_of(organisation: Organisation, model: str) -> dict[str, float] | None:
    """What the table says of a model; None where it says nothing."""
    found = organisation.prices.filter(model=model).first()
    return {"input": float(found.input), "output": float(found.output)} if found else None


def known_price(judge: Judge) -> None:
    """A judge whose price was not known takes that of the table, once it is there."""
    if judge.price is None and (price := price_of(judge.campaign.organisation, str(judge.config.get("model", "")))):
        Judge.objects.filter(pk=judge.pk, price__isnull=True).update(price=price)
        judge.price = price


def create_price(organisation: Organisation, spec: Mapping[str, Any]) -> Price:
    """A row of the table from `{model, input, output}`. Raises `Invalid`, `Exists`."""
    model = clean_model(spec.get("model"))
    price = clean_price({side: spec.get(side) for side in FREE}, "")
    try:
        with transaction.atomic():
            return Price.objects.create(organisation=organisation, model=model, **price)
    except IntegrityError as error:
        raise Exists(f"{model} has a price already; change that one", {"model": "has a price already"}) from error


def change_price(price: Price, spec: Mapping[str, Any]) -> Price:
    """Judges made earlier keep the price of their day. Raises `Invalid`, and `NotFound` where it was deleted."""
    rates = clean_price({side: spec.get(side) for side in FREE}, "")
    for side, rate in rates.items():
        setattr(price, side, Decimal(str(rate)))
    if not Price.objects.filter(pk=price.pk).exists():
        raise NotFound("this price was deleted in the meantime")
    price.save()
    return price


def clean_model(value: Any) -> str:
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= 200:
        raise Invalid("model must be a text of 1 to 200 characters", {"model": "1 to 200 characters"})
    check_storable(value, "model")
    return value.strip()


def set_budget(campaign: Campaign, cap: int | None) -> Budget:
    """What the judges of a campaign may cost in all, in millionths; None lifts the limit."""
    budget, _ = Budget.objects.update_or_create(campaign=campaign, defaults={"cap": cap})
    return budget


def budget_of(campaign: Campaign) -> dict[str, int | None]:
    """`cap`, `spent` (with what dead processes may have spent) and `reserved`, in millionths."""
    sums = JudgeRun.objects.filter(campaign=campaign).aggregate(
        spent=Sum("spent"), unsettled=Sum("unsettled"), reserved=Sum("reserved")
    )
    cap = Budget.objects.filter(campaign=campaign).values_list("cap", flat=True).first()
    spent = (sums["spent"] or 0) + (sums["unsettled"] or 0)
    return {"cap": cap, "spent": spent, "reserved": sums["reserved"] or 0}
