"""The test–retest baseline: how often the same annotator says the same of the same thing when asked again, silently."""

from typing import Any

import numpy as np
import numpy.typing as npt

from annotate.frames import Columns, Preferences, Scores
from annotate.frames.columns import Flags, Ids, Numbers
from annotate.frames.things import numbered
from annotate.stats.retest import ceiling, retest
from routing.inconsistency.pairs import EQUAL_MEANS
from routing.inconsistency.sources import Compared, Source
from routing.reliability.figures import plain

KINDS = ("human", "judge")
Block = tuple[Numbers, Numbers, Ids, Flags]
"""First answers, later answers, prompt groups, whether by a judge; shape (n,) each."""


def repeated(rows: Columns) -> Flags:
    """Answers of a silent repeat, or of a judge that was asked once more; not what was asked again on purpose."""
    return (rows.round > 0) & ~rows.again


def baseline_of(found: list[Compared]) -> dict[str, Any]:
    """How often preferences, ratings and the sides of rated pairs are repeated, by question and kind of annotator, and
    for each comparison how much inconsistency that noise alone would explain. Empty without repeats."""
    preferences: dict[tuple[str, str], Block] = {}
    questions: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    expected = []
    for each in found:
        name, other = each.ranking.name, each.rating.name
        theirs, ours = each.rankings.campaign.slug, each.ratings.campaign.slug
        if (theirs, name) not in preferences:
            preferences[theirs, name] = _rankings(each.rankings, name)
            questions[theirs, name, "preference"] = _figures(preferences[theirs, name], False)
        if (ours, other, "rating") not in questions:
            questions[ours, other, "rating"] = _figures(_ratings(each.ratings, other), True)
        signed = _signs(each)
        questions[ours, other, f"side of {name}"] = _figures(signed, False)
        expected += [{**each.names, **row} for row in _expected(preferences[theirs, name], signed)]
    rows = [
        {"campaign": campaign, "question": name, "what": what, **figures}
        for (campaign, name, what), blocks in questions.items()
        for figures in blocks
    ]
    return {"repeats": rows, "expected": expected}


def _figures(block: Block, numbers: bool) -> list[dict[str, Any]]:
    rows = []
    for kind in KINDS:
        first, later, group = _of_kind(block, kind)
        if len(first):
            rows.append({"annotators": kind, **plain(retest(first, later, group, numbers))})
    return rows


def _expected(ranked: Block, signed: Block) -> list[dict[str, Any]]:
    """`ceiling` is how often two protocols that ask for the same thing could agree, given this noise; `sides` says of
    which of them repeats were there."""
    rows = []
    for kind in ("all", *KINDS):
        blocks = [_of_kind(block, kind) for block in (signed, ranked)]
        if not any(len(first) for first, _, _ in blocks):
            continue
        (rated, again, group), (first, later, other) = blocks
        found = ceiling(np.abs(rated - again) < 0.5, group, np.abs(first - later) < 0.5, other)
        sides = [name for name, block in zip(("rating", "ranking"), blocks, strict=True) if len(block[0])]
        rows.append({"annotators": kind, "sides": sides, "ceiling": plain(found)})
    return rows


def _of_kind(block: Block, kind: str) -> tuple[Numbers, Numbers, Ids]:
    first, later, group, judge = block
    chosen = np.full(len(judge), True) if kind == "all" else judge == (kind == "judge")
    return first[chosen], later[chosen], group[chosen]


def _rankings(source: Source, question: str) -> Block:
    first, later = (source.preferences(question, which) for which in (source.counted, repeated))
    return _joined(first, later, ("unit", "a", "b"), "sign")


def _ratings(source: Source, question: str) -> Block:
    first, later = (source.scores(question, which) for which in (source.counted, repeated))
    return _joined(first, later, ("unit", "completion"), "value")


def _joined(first: Columns, later: Columns, of: tuple[str, ...], value: str) -> Block:
    """Each later answer beside the same annotator's first answer to the same thing."""
    names = ("annotator", *of)
    code = numbered(*(np.concatenate([getattr(first, name), getattr(later, name)]) for name in names))
    before = np.full(int(code.max(initial=-1)) + 1, np.nan)
    before[code[: len(first)]] = getattr(first, value)
    earlier = before[code[len(first) :]]
    both = np.isfinite(earlier)
    return earlier[both], np.asarray(getattr(later, value)[both], float), later.group[both], later.judge[both]


def _signs(each: Compared) -> Block:
    """The sides that an annotator's ratings name of the pairs that are ranked, first and when he rated both again."""
    source, question = each.ratings, each.rating.name
    later = source.scores(question, repeated)
    if not len(later):
        none = np.zeros(0)
        return none, none, none.astype(np.int64), none.astype(np.bool_)
    rankings = each.rankings.preferences(each.ranking.name, lambda rows: np.ones(len(rows), np.bool_))
    a, b, group = _pairs(rankings)
    row, pair = _with_first(later.completion, a)
    asked = later.annotator[row], later.round[row]
    other = _value(later, (*asked, b[pair]))
    first = source.scores(question, source.counted)
    once = later.annotator[row], np.zeros(len(row), np.int64)
    before = _value(first, (*once, a[pair])) - _value(first, (*once, b[pair]))
    gap = later.value[row] - other
    both = np.isfinite(before) & np.isfinite(gap)
    return _side(before[both]), _side(gap[both]), group[pair[both]], later.judge[row[both]]


def _pairs(rows: Preferences) -> tuple[Ids, Ids, Ids]:
    """The pairs that were ranked, each once, by their first completion: a, b and the prompt group."""
    code = numbered(rows.a, rows.b)
    start = np.unique(code, return_index=True)[1]
    return rows.a[start], rows.b[start], rows.group[start]


def _with_first(completion: Ids, a: Ids) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Each row with each pair of which its completion is the first: the numbers of both. `a` is ascending."""
    low, high = np.searchsorted(a, completion, "left"), np.searchsorted(a, completion, "right")
    count = high - low
    row = np.repeat(np.arange(len(completion)), count)
    start = np.repeat(low - np.concatenate([[0], np.cumsum(count)[:-1]]), count)
    return row, start + np.arange(len(row))


def _value(rows: Scores, wanted: tuple[Ids, ...]) -> Numbers:
    """The mean value by annotator, round and completion, NaN where there is none; shape of `wanted`'s columns."""
    own = (rows.annotator, rows.round, rows.completion)
    code = numbered(*(np.concatenate([have, want]) for have, want in zip(own, wanted, strict=True)))
    count = int(code.max(initial=-1)) + 1
    n = np.bincount(code[: len(rows)], minlength=count)
    total = np.bincount(code[: len(rows)], rows.value, count)
    return np.asarray(np.divide(total, n, out=np.full(count, np.nan), where=n > 0)[code[len(rows) :]], float)


def _side(gap: Numbers) -> Numbers:
    return np.where(np.abs(gap) < EQUAL_MEANS, 0.0, np.sign(gap))
