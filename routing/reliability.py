"""What a judge's verdicts say about the judge itself."""

from collections import Counter
from typing import Any

from django.db.models import Count, Q, Sum

from routing.models import Judge, JudgeCall, Verdict


def reliability(judge: Judge) -> dict[str, Any]:
    """Per question: verdicts by status, the valid rate, and for pairwise questions flips and slot bias.

    `flip_rate` is the share of valid verdicts whose two orders named different completions; `slot_bias` is the
    mean of ½(logit s₁ + logit s₂), above 0 where the judge leans to the first slot; `first_slot_share` is the
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
        "questions": [_question(verdicts.filter(question=name, kind=kind), name, kind) for name, kind in questions],
    }


def _question(verdicts: Any, name: str, kind: str) -> dict[str, Any]:
    statuses = Counter(dict(verdicts.values_list("status").annotate(n=Count("pk")).values_list("status", "n")))
    n, valid = sum(statuses.values()), statuses["ok"]
    figures = {"question": name, "kind": kind, "n": n, "valid": valid, "valid_rate": valid / n if n else None}
    figures["statuses"] = dict(statuses)
    return figures | (_orders(verdicts.filter(Q(details__has_key="flip"))) if kind == "pairwise" else {})


def _orders(verdicts: Any) -> dict[str, Any]:
    details = list(verdicts.values_list("details", flat=True))
    if not details:
        return {"flips": 0, "flip_rate": None, "slot_bias": None, "first_slot_share": None}
    flips = sum(bool(d["flip"]) for d in details)
    return {
        "flips": flips,
        "flip_rate": flips / len(details),
        "slot_bias": sum(d["slot_bias"] for d in details) / len(details),
        "first_slot_share": sum((d["s1"] + d["s2"]) / 2 for d in details) / len(details),
    }
