"""The reliability report of a judge: per question its verdicts against themselves, against people and against gold."""

import time
from typing import Any

from django.utils import timezone

from routing.models import Judge, JudgeCall, Verdict
from routing.reliability.against import against
from routing.reliability.costs import costs
from routing.reliability.figures import plain
from routing.reliability.gather import gather
from routing.reliability.itself import both_orders, repeated
from routing.reliability.summary import counted, reliability
from routing.reliability.table import REFERENCES
from routing.reliability.validity import marks, texts, validity


def full_report(judge: Judge) -> dict[str, Any]:
    """All that its stored report holds. The keys of `reliability` are in it with the same meaning."""
    start = time.monotonic()
    short = reliability(judge)
    valid = sum(question["valid"] for question in short["questions"])
    made = JudgeCall.objects.filter(judge=judge)
    return {
        **short,
        "judge_id": judge.pk,
        "computed_at": timezone.now().isoformat(),
        "costs": costs(made, valid),
        "questions": [_question(judge, each["question"], each["kind"]) for each in short["questions"]],
        "took": round(time.monotonic() - start, 3),
    }


def _question(judge: Judge, name: str, kind: str) -> dict[str, Any]:
    verdicts = Verdict.objects.filter(judge=judge, question=name, kind=kind)
    table = gather(judge, name, kind)
    figures = counted(verdicts, name, kind)
    return {
        **figures,
        **validity(verdicts),
        **(texts(verdicts) if kind == "text" else marks(verdicts) if kind == "span" else {}),
        "costs": costs(JudgeCall.objects.filter(judge=judge, question=name), figures["valid"]),
        "orders": both_orders(table),
        "repeats": plain(repeated(table, "people")),
        "left_out": {"routed": table.routed, "fitted": table.fitted},
        "against": {name: against(table, name) for name in REFERENCES},
    }
