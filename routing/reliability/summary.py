"""The few figures of a judge that its card shows while it works, counted by the database."""

from collections import Counter
from typing import Any

from django.db.models import Avg, Count, FloatField, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from routing.models import Judge, JudgeCall, Verdict


def reliability(judge: Judge) -> dict[str, Any]:
    """Per question: verdicts by status, the valid rate, and for pairwise questions flips and slot bias.

    `flip_rate` is the share of the verdicts taken in both orders whose orders named different completions; `slot_bias`
    is the mean of ½(logit s₁ + logit s₂), above 0 where the judge leans to the first slot; `first_slot_share` is the
    mean probability of the first slot over both orders.
    """
    verdicts = Verdict.objects.filter(judge=judge)
    calls = JudgeCall.objects.filter(judge=judge).aggregate(
        n=Count("pk"), prompt=Sum("prompt_tokens"), completion=Sum("completion_tokens"), seconds=Sum("seconds")
    )
    questions = verdicts.order_by("question").values_list("question", "kind").distinct()
    return {
        "judge": judge.name,
        "calls": {
            "n": calls["n"],
            "prompt_tokens": calls["prompt"] or 0,
            "completion_tokens": calls["completion"] or 0,
            "seconds": round(calls["seconds"] or 0, 3),
        },
        "questions": [counted(verdicts.filter(question=name, kind=kind), name, kind) for name, kind in questions],
    }


def counted(verdicts: QuerySet[Verdict], name: str, kind: str) -> dict[str, Any]:
    """The figures of one question, from its verdicts."""
    statuses = Counter(dict(verdicts.values_list("status").annotate(n=Count("pk")).values_list("status", "n")))
    n, valid = sum(statuses.values()), statuses["ok"]
    figures = {"question": name, "kind": kind, "n": n, "valid": valid, "valid_rate": valid / n if n else None}
    figures["statuses"] = dict(statuses)
    return figures | (_orders(verdicts) if kind == "pairwise" else {})


def _orders(verdicts: QuerySet[Verdict]) -> dict[str, Any]:
    both = verdicts.filter(details__has_key="flip").aggregate(
        n=Count("pk"),
        flips=Count("pk", filter=Q(details__flip=True)),
        slot_bias=Avg(_detail("slot_bias")),
        s1=Avg(_detail("s1")),
        s2=Avg(_detail("s2")),
    )
    first = None if both["s1"] is None or both["s2"] is None else (both["s1"] + both["s2"]) / 2
    return {
        "flips": both["flips"],
        "flip_rate": both["flips"] / both["n"] if both["n"] else None,
        "slot_bias": both["slot_bias"],
        "first_slot_share": first,
    }


def _detail(name: str) -> Cast:
    return Cast(KeyTextTransform(name, "details"), FloatField())
