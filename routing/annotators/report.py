"""The stored reports on annotators: what all of them look like side by side, and the details of each.

The report `annotators` is
    {"annotators": [{"id", "name", "is_judge", "excluded", "n", "signals": {NAME: SIGNAL}, "flags": [NAME, …]}, …],
     "left_out", "tests", "headline", "computed_at"}
with a row per annotator, SIGNAL being {"value", "interval", "n", "clusters", "method", "p", "flagged", "of"}: `p` is
adjusted for all tests of all annotators (None: no test), `of` the title of the question that it is of where it is not
of all together. A signal that an annotator's answers do not allow is not there. NAMEs are in `signals.SIGNALS`.

The report `annotator_details` is {"of": {ID: {"questions", "over_time", "confusions", "deviant"}}}.
"""

from collections.abc import Mapping
from typing import Any

from annotate.frames import Frames
from routing.annotators.study import study
from routing.annotators.words import headline

NOTHING: Mapping[str, Any] = {"computed_at": None, "annotators": [], "left_out": 0, "tests": 0, "headline": []}
"""What there is to read before a report was made."""


def annotators(frames: Frames) -> dict[str, Any]:
    """Everybody who answered, in the order of names; people's signals are held against people, judges' against judges.

    What an excluded annotator answered counts in nobody's figures but his own.
    """
    found = frames.kept("annotators", lambda: study(frames))
    return {
        "annotators": found.rows,
        "left_out": found.left_out,
        "tests": found.tests,
        "headline": headline(found.rows, found.tests),
    }


def annotator_details(frames: Frames) -> dict[str, Any]:
    """What the page of each annotator shows beyond that."""
    return {"of": frames.kept("annotators", lambda: study(frames)).details}
