"""The votes that count towards consensus, a row for each thing that an annotator answered."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotate.frames import Asks, Frames, Things, things_of
from annotate.frames.columns import Flags, Ids, Numbers
from annotate.frames.things import numbered
from annotate.kinds import kind
from annotate.kinds.base import PreferenceRow
from annotate.models import Annotator
from annotate.options import option

SIGNS = (-1.0, 0.0, 1.0)
SIDES = ("second", "tie", "first")
NO, YES = "no", "yes"


@dataclass(frozen=True, slots=True)
class Votes:
    """Rows (n,) of one question, one annotator's vote about a `thing` (numbered from 0) each.

    `label` are codes into `labels`, whose numbers are `values` and whose names are `labels`. `by` numbers the
    annotators from 0, in the order of `annotators` (their ids). `one` and `two` say what the thing is, as in `Things`;
    where several options may be chosen each option of an answer is a thing, and `two` is a code into `points`.
    """

    asks: Asks
    thing: Ids
    label: Ids
    by: Ids
    weight: Numbers
    annotation: Ids
    unit: Ids
    group: Ids
    base: Flags
    one: Ids
    two: Ids
    strength: Ids
    both_bad: Flags
    annotators: Ids
    labels: tuple[str, ...]
    values: Numbers
    targets: tuple[str, ...] = ()
    points: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.thing)

    @property
    def things(self) -> int:
        return int(self.thing.max(initial=-1)) + 1

    @property
    def value(self) -> Numbers:
        return self.values[self.label]


def votes_of(frames: Frames, question: str, chosen: Callable[[Things], Flags] | None = None) -> Votes:
    """The votes about a question: first answers, also of those who were asked again, but no silent repeats and no
    answers that researchers gave to decide a flag. Judges count where the campaign's `consensus_of` is "all"; or
    `chosen` says which of the first answers do.

    Raises KeyError for a question that is not asked, ValueError for texts and marks.
    """
    found = things_of(frames, question)
    found = found.where(found.rows.round == 0)
    found = found.where(chosen(found) if chosen else _counted(frames, found))
    if found.asks.scale == "set":
        return _of_sets(frames, found)
    return _votes(frames, found, found.value, *_labels(found))


def counted_kinds(frames: Frames) -> list[str]:
    """The kinds of annotators whose votes count in this campaign."""
    everybody = option("consensus_of", frames.campaign.current.config) == "all"
    return [str(each) for each in Annotator.Kind if everybody or each == Annotator.Kind.HUMAN]


def _counted(frames: Frames, found: Things) -> Flags:
    return ~found.rows.judge | (Annotator.Kind.JUDGE in counted_kinds(frames))


def _labels(found: Things) -> tuple[Numbers, tuple[str, ...]]:
    """The values that were given and their names; for pairs always all three signs."""
    if PreferenceRow in kind(found.asks.kind).yields:
        return np.array(SIGNS), SIDES
    values = np.unique(found.value)
    if found.values:
        return values, tuple(found.values[int(value)] for value in values)
    return values, tuple(f"{value:g}" for value in values)


def _votes(
    frames: Frames,
    found: Things,
    value: Numbers,
    values: Numbers,
    labels: tuple[str, ...],
) -> Votes:
    rows = found.rows
    annotators, by = np.unique(rows.annotator, return_inverse=True)
    none = np.zeros(len(found), np.int64)
    return Votes(
        asks=found.asks,
        thing=numbered(found.thing),
        label=np.searchsorted(values, value).astype(np.int64),
        by=by.astype(np.int64),
        weight=weights_by_annotator(frames, annotators)[by],
        annotation=rows.annotation,
        unit=rows.unit,
        group=rows.group,
        base=rows.base | rows.judge,
        one=found.one,
        two=found.two,
        strength=getattr(rows, "strength", none),
        both_bad=getattr(rows, "both_bad", none.astype(bool)),
        annotators=annotators,
        labels=labels,
        values=values,
        targets=found.targets,
        points=found.points,
    )


def weights_by_annotator(frames: Frames, annotators: Ids) -> Numbers:
    """What the answers of these annotators (ids) weigh."""
    known = frames.annotators
    return np.array([known[pk].weight if pk in known else 1.0 for pk in annotators.tolist()], float)


def _of_sets(frames: Frames, found: Things) -> Votes:
    """An answer with several options is a yes or a no to each option of the question."""
    options = tuple(str(each["key"]) for each in found.asks.config["options"])
    place = np.array([options.index(text) if text in options else -1 for text in found.values], np.int64)
    chosen = place[found.value.astype(np.int64)] if len(place) else np.zeros(0, np.int64)
    answer = numbered(found.rows.annotation, found.one)
    first = np.unique(answer, return_index=True)[1]
    said = np.zeros((len(first), len(options)), bool)
    said[answer[chosen >= 0], chosen[chosen >= 0]] = True
    spread: npt.NDArray[np.int64] = np.repeat(first, len(options))
    point = np.tile(np.arange(len(options)), len(first))
    of = found.where(np.zeros(0, np.int64)) if not len(first) else _rows(found, spread)
    thing = numbered(of.thing, point)
    each = Things(of.asks, of.rows, thing, said.ravel().astype(float), of.one, point, of.values, of.targets, options)
    return _votes(frames, each, each.value, np.array([0.0, 1.0]), (NO, YES))


def _rows(found: Things, places: Ids) -> Things:
    return Things(
        found.asks,
        found.rows.where(places),
        found.thing[places],
        found.value[places],
        found.one[places],
        found.two[places],
        found.values,
        found.targets,
        found.points,
    )
