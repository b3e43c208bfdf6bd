"""Answers held against each other: who said what of which thing, whatever the kind of the question."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from annotate.frames.columns import Columns, Flags, Ids, Numbers
from annotate.frames.frames import Asks, Frames
from annotate.kinds import kind
from annotate.kinds.base import LabelRow, PreferenceRow
from annotate.stats.linearised import compact


@dataclass(frozen=True, slots=True)
class Things:
    """Rows (n,) of one question. `thing` numbers what the answers are about from 0: a pair of completions in a unit,
    a completion in a unit, or a target and its point.

    `value` is what was said: the sign of a pair (+1, 0, −1), a score, or a code into `values`. Rows of one thing are
    by different annotators or of different rounds. `rows` are the records' columns, a row each; `one` and `two` are
    the ids of the pair, of the completion (and 0), or codes into `targets` and `points`.
    """

    asks: Asks
    rows: Columns
    thing: Ids
    value: Numbers
    one: Ids
    two: Ids
    values: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    points: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.thing)

    @property
    def count(self) -> int:
        """How many things there are (their numbers are not all in use after `where`)."""
        return int(self.thing.max(initial=-1)) + 1

    def where(self, chosen: Flags) -> "Things":
        """The rows chosen by a mask; things keep their numbers."""
        return replace(
            self,
            rows=self.rows.where(chosen),
            thing=self.thing[chosen],
            value=self.value[chosen],
            one=self.one[chosen],
            two=self.two[chosen],
        )

    @property
    def base(self) -> "Things":
        """The rows of people in the base design, the only ones that figures of reliability may count."""
        return self.where(self.rows.base)


def things_of(frames: Frames, question: str) -> Things:
    """The answers to a question. Raises KeyError for one that the campaign does not ask, ValueError for texts and
    marks, which are not labels."""
    asks = frames.questions[question]
    yields = kind(asks.kind).yields
    if asks.scale in ("text", "span"):
        raise ValueError(f"answers to {question} are not labels: it is a {asks.kind} question")
    if PreferenceRow in yields:
        found = frames.preferences(question)
        return Things(asks, found, numbered(found.unit, found.a, found.b), found.sign.astype(float), found.a, found.b)
    if LabelRow in yields:
        return _of_labels(frames, asks)
    scores = frames.scores(question)
    none = np.zeros(len(scores), np.int64)
    return Things(asks, scores, numbered(scores.unit, scores.completion), scores.value, scores.completion, none)


def _of_labels(frames: Frames, asks: Asks) -> Things:
    """Where several options may be chosen an annotator has a row for each that he chose."""
    found = frames.labels(asks.name)
    thing = numbered(found.unit, found.target, found.point)
    texts = found.values, found.targets, found.points
    return Things(asks, found, thing, found.value.astype(float), found.target, found.point, *texts)


def numbered(*columns: npt.NDArray[np.int64]) -> Ids:
    """A number from 0 for each different row of the columns, in their sorted order, shape (n,)."""
    code = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        values, place = compact(column)
        code = compact(code * len(values) + place)[1]
    return code
