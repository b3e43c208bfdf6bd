"""How many of a judge's verdicts are answers, what became of the others, and how much was written."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from annotate.stats.intervals import mean
from routing.models import Verdict
from routing.reliability.figures import plain

AT_ONCE = 5000


def validity(verdicts: QuerySet[Verdict]) -> dict[str, Any]:
    """The valid rate with its interval, and how many verdicts were made on texts cut to fit the model."""
    rows = list(verdicts.values_list("status", "assignment__unit__prompt_group"))
    figure = mean([int(status == "ok") for status, _ in rows], [group for _, group in rows])
    return {"validity": plain(figure), "cut": verdicts.filter(details__has_key="left_out").count()}


def texts(verdicts: QuerySet[Verdict]) -> dict[str, Any]:
    """How long the texts are that the judge wrote, in characters."""
    lengths, clusters = [], []
    good = verdicts.filter(status="ok").values_list("answer", "assignment__unit__prompt_group")
    for answer, group in good.iterator(AT_ONCE):
        for text in answer.values() if isinstance(answer, Mapping) else [answer]:
            lengths.append(len(str(text)))
            clusters.append(group)
    return {"characters": plain(mean(lengths, clusters, None))}


def marks(verdicts: QuerySet[Verdict]) -> dict[str, Any]:
    """The marks that stand in the text, and the quotes that do not occur there and were left out."""
    found, clusters, anchored = 0, [], []
    good = verdicts.filter(status="ok").values_list("answer", "details", "assignment__unit__prompt_group")
    for answer, details, group in good.iterator(AT_ONCE):
        kept, lost = sum(len(each) for each in (answer or {}).values()), _count(details.get("unanchored"))
        found += kept
        anchored += [1] * kept + [0] * lost
        clusters += [group] * (kept + lost)
    return {"marks": found, "unanchored": plain(mean([1 - each for each in anchored], clusters))}


def _count(value: Any) -> int:
    return value if isinstance(value, int) else len(value or ())
