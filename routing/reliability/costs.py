"""What a judge's labels took: calls, failed attempts, tokens, time and money."""

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from routing.models import JudgeCall


def costs(calls: QuerySet[JudgeCall], labels: int) -> dict[str, Any]:
    """Of some calls, for so many labels. Money is in millionths of a US dollar, None where a price is not known."""
    asked = Q(taken_from=None)
    found = calls.aggregate(
        n=Count("pk", filter=asked),
        failed=Count("pk", filter=asked & ~Q(status="ok")),
        cached=Count("pk", filter=~asked),
        prompt_tokens=Sum("prompt_tokens", filter=asked, default=0),
        completion_tokens=Sum("completion_tokens", filter=asked, default=0),
        seconds=Sum("seconds", filter=asked, default=0.0),
        unknown=Count("pk", filter=asked & Q(cost=None)),
        spent=Sum("cost", filter=asked, default=0),
    )
    known, spent = found.pop("unknown") == 0, found.pop("spent")
    found["seconds"] = round(found["seconds"], 3)
    found["cost"] = spent if known else None
    found["cost_per_label"] = spent / labels if known and labels else None
    found["seconds_per_label"] = found["seconds"] / labels if labels else None
    return found
