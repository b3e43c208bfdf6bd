"""Agreement of marked spans: texts, who answered of each, and what was marked."""

from typing import Any

import numpy as np

from annotate.frames import Asks, Frames
from annotate.frames.columns import Ids
from annotate.frames.marks import Spans, spans_of
from annotate.stats.segments import Marked
from annotate.stats.span_agreement import span_agreement
from routing.agreement.counted import GROUPS, Counted, counted
from routing.reliability.figures import plain

MOST_LABELS = 20


def spans(frames: Frames, asks: Asks) -> dict[str, Any]:
    """The part of the report about a span question."""
    found = spans_of(frames, asks.name)
    which = counted(frames, found.answers)
    groups = [_group(found, which, name) for name in GROUPS]
    apart = _figures(found.where(which.routed)) if which.routed.any() else None
    return {"groups": [group for group in groups if group], "left_out": which.left_out, "routed": apart}


def _group(found: Spans, which: Counted, name: str) -> dict[str, Any] | None:
    held = found.where(which.group(name))
    return {"annotators": name, **_figures(held)} if len(held.answers) else None


def _figures(held: Spans) -> dict[str, Any]:
    marked = _marked(held)
    several = int(np.count_nonzero(marked.annotators > 1))
    agreed = span_agreement(marked, MOST_LABELS)
    labels = held.marks.labels
    return {
        "things": len(marked.length),
        "several": several,
        "share_several": round(several / len(marked.length), 4) if len(marked.length) else None,
        "ratings": len(marked.text),
        "marks": len(marked.label),
        "annotators_count": len(np.unique(marked.annotator)),
        **{name: plain(getattr(agreed, name)) for name in ("alpha", "place", "exact", "overlap")},
        "by_label": [
            {"label": labels[code], "exact": plain(exact), "overlap": plain(overlap)}
            for code, (exact, overlap) in agreed.by_label.items()
        ],
    }


def _marked(held: Spans) -> Marked:
    """A text of it is a part of a target in a unit; who answered of the target answered of each of its parts."""
    answers, marks, texts = held.answers, held.marks, held.texts
    targets = max(len(answers.targets), 1)
    parts = int(max(texts.part.max(initial=0), marks.part.max(initial=0))) + 1
    target = answers.unit * targets + answers.target
    answer, text = _parts(answers.item * targets + answers.target, texts.item * targets + texts.target)
    names, place = np.unique(target[answer] * parts + texts.part[text], return_inverse=True)
    length, cluster = np.zeros(len(names), np.int64), np.zeros(len(names), np.int64)
    length[place], cluster[place] = texts.length[text], answers.group[answer]
    of_mark = _places(answers.annotation * targets + answers.target, marks.annotation * targets + marks.target)
    at = _places(names, target[of_mark] * parts + marks.part)
    np.maximum.at(length, at, marks.end)
    who = np.unique(answers.annotator, return_inverse=True)[1]
    places = (marks.label, marks.start, marks.end)
    return Marked(place, who[answer], at, who[of_mark], *places, length, cluster)


def _parts(wanted: Ids, known: Ids) -> tuple[Ids, Ids]:
    """Every pair of a wanted name with a known equal one: the places of either."""
    order = np.argsort(known, kind="stable")
    first, past = (np.searchsorted(known[order], wanted, side) for side in ("left", "right"))
    count = past - first
    row = np.repeat(np.arange(len(wanted)), count)
    within = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    return row, order[np.repeat(first, count) + within]


def _places(names: Ids, wanted: Ids) -> Ids:
    """Where each wanted name is among the names, which hold all of them."""
    order = np.argsort(names, kind="stable")
    return order[np.searchsorted(names[order], wanted)]
