"""Marked spans, cut into segments in which nothing changes: who covers which characters with which labels."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
WHOLE = -1
"""The start and end of a mark about a text as a whole: held against others by its label alone."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Who answered of which text, shape (answers,), and the marks, shape (marks,). `length`, in characters, and
    `cluster` have shape (texts,); texts, annotators and labels are numbered from 0."""

    text: Ids
    annotator: Ids
    mark_text: Ids
    mark_annotator: Ids
    label: Ids
    start: Ids
    end: Ids
    length: Ids
    cluster: npt.NDArray[np.generic]

    def of_several(self) -> "Marked":
        """The texts that two annotators or more answered."""
        several = self.annotators > 1
        answers, marks = several[self.text], several[self.mark_text]
        number = np.cumsum(several) - 1
        return Marked(
            number[self.text[answers]],
            self.annotator[answers],
            number[self.mark_text[marks]],
            self.mark_annotator[marks],
            self.label[marks],
            self.start[marks],
            self.end[marks],
            self.length[several],
            self.cluster[several],
        )

    @property
    def annotators(self) -> Ids:
        """How many answered of each text, shape (texts,)."""
        return np.bincount(self.text, minlength=len(self.length)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Covered:
    """Segments, shape (segments,), of texts; and which annotator covers which with which label, once each."""

    text: Ids
    length: Ids
    segment: Ids
    annotator: Ids
    label: Ids


def covered_by(held: Marked) -> Covered:
    offset = held.start != WHOLE
    text, start, end = held.mark_text[offset], held.start[offset], held.end[offset]
    width = int(held.length.max()) + 1
    number = np.arange(len(held.length))
    (cuts,) = rows_of(
        np.concatenate([number * width, number * width + held.length, text * width + start, text * width + end])
    )
    first, past = np.searchsorted(cuts, text * width + start), np.searchsorted(cuts, text * width + end)
    mark = np.repeat(np.arange(len(text)), past - first)
    segment = first[mark] + np.arange(len(mark)) - np.repeat(np.cumsum(past - first) - (past - first), past - first)
    kept = rows_of(segment, held.mark_annotator[offset][mark], held.label[offset][mark])
    lengths = np.append(np.diff(cuts), 0)
    lengths[cuts % width == held.length[cuts // width]] = 0  # the cut at a text's end begins no segment
    return Covered(cuts // width, lengths, *kept)


def rows_of(*columns: Ids) -> tuple[Ids, ...]:
    """The different rows of the columns, sorted."""
    order = np.lexsort(columns[::-1])
    held = [column[order] for column in columns]
    new = differ(*held)
    return tuple(column[new] for column in held)


def differ(*columns: Ids) -> npt.NDArray[np.bool_]:
    """Which of the sorted rows differ from the one before."""
    new = np.ones(len(columns[0]), bool)
    new[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return new
