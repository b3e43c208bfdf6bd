"""A label out of what a model wrote: an explicit verdict, never one that is only mentioned.

Explicit is a JSON object with an answer, a line that begins with `Answer:` or the like, `[RESULT] 4`, or a label alone
on its line. All explicit verdicts must agree, unless a score is called final. A range or list of labels
(“1 to 5”, “A or B”) is none, nor is an answer that stands in the prose (“its answer is A”, where that of the judged
response may be meant), nor a line that only repeats the prompt.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from routing.judges.forms import ANSWER
from routing.judges.parsing import NotReadable, objects, without_echo, without_objects
from routing.judges.spelling import CLOSE, OPEN, as_label, leading_label, of_total

NAMES = (ANSWER, "verdict", "result", "score", "rating", "grade", "choice", "preference", "label")
NAMED = "|".join(NAMES)
GRADED = "verdict|result|score|rating|grade"
ASIDE = r"[*_`]*(?:\s*\([^)]{0,40}\))?[*_`]*"  # “Score (1-5):”
BEGIN = r"^[-*_#>`\s•]*(?:(?:so|thus|therefore|hence|(?:in\s+)?conclusion)[,:]?\s+)?"
MARKERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{BEGIN}(?:my\s+|the\s+)?(?P<final>(?:final|overall)\s+(?={GRADED}))?"
        rf"(?:final\s+|overall\s+)?(?:{NAMED}){ASIDE}\s*[:=](?P<rest>.*)$",
        rf"{BEGIN}(?P<final>)(?:my\s+(?:final\s+|overall\s+)?(?:{NAMED})|the\s+(?:final\s+|overall\s+)?(?:{GRADED}))"
        r"\s+is:?\s+(?P<rest>.*)$",
        rf"(?P<final>)\[(?:{NAMED}|final {ANSWER})\]\s*:?(?P<rest>.*)$",
    )
)
LAST_SENTENCE = re.compile(
    rf"[.!?]\s+(?:my\s+|the\s+)?(?:final\s+)?(?:{NAMED}){ASIDE}\s*:(?P<rest>[^.!?]*[.!]?)$", re.I
)
BOXED = re.compile(r"\\boxed\{\s*(?:\\text\{)?([^{}]*)\}?\s*\}")
RETRACTION = re.compile(r"\b(?:on reflection|on second thought|i (?:take|change)|wait,|correction:|actually,)", re.I)
LONGEST_LINE = 2000


@dataclass(frozen=True, slots=True)
class Found:
    """An explicit verdict, and whether it is called final."""

    label: str
    final: bool = False


def label_in_text(text: str, labels: Sequence[str], prompt: str = "") -> str:
    """The label that the text gives as its verdict. Raises NotReadable where it gives none, or two."""
    if not text.strip():
        raise NotReadable("it is empty")
    own = without_echo(text, prompt)
    found = [*_in_objects(own, labels), *_in_lines(without_objects(own), labels)]
    given = {verdict.label for verdict in found if verdict.final} or {verdict.label for verdict in found}
    if len(given) > 1:
        raise NotReadable("it gives several verdicts: " + ", ".join(sorted(given)))
    if not given:
        raise NotReadable("it gives no verdict among " + ", ".join(labels))
    return given.pop()


def label_in_object(value: Mapping[str, Any], labels: Sequence[str]) -> str:
    """The label that a JSON object gives as its answer. Raises NotReadable where it gives none."""
    if ANSWER not in value:
        raise NotReadable(f"the object has no {ANSWER!r}")
    label = as_label(value[ANSWER], labels)
    if label is None:
        raise NotReadable(f"{ANSWER}: {str(value[ANSWER])[:60]!r} is none of " + ", ".join(labels))
    return label


def _in_objects(text: str, labels: Sequence[str]) -> list[Found]:
    found = []
    for value in objects(text):
        names = [name for name in value if name.casefold() in NAMES]
        name = ANSWER if ANSWER in value else names[0] if len(names) == 1 else None
        label = as_label(value[name], labels) if name else None
        found += [Found(label)] if label is not None else []
    return found


def _in_lines(text: str, labels: Sequence[str]) -> list[Found]:
    lines = [line.strip()[:LONGEST_LINE] for line in text.splitlines() if line.strip()]
    found = []
    for number, line in enumerate(lines):
        last = number == len(lines) - 1  # above other lines “1.” opens a list
        verdict = _marked(line, labels) or _alone(line, labels, last)
        if verdict is not None:
            found.append(verdict)
            if RETRACTION.search("\n".join(lines[number + 1 :])):
                raise NotReadable("it takes its verdict back")
    return found


def _marked(line: str, labels: Sequence[str]) -> Found | None:
    """The verdict of a line that names it as one."""
    for marker in MARKERS:
        if (match := marker.search(line)) and (label := leading_label(match["rest"], labels)) is not None:
            return Found(label, bool(match["final"]))
    last = LAST_SENTENCE.search(line)
    label = leading_label(last["rest"], labels) if last else None
    return None if label is None else Found(label)


def _alone(line: str, labels: Sequence[str], last: bool) -> Found | None:
    """The verdict of a line that is a label and nothing else, with or without emphasis."""
    boxed = BOXED.search(line)
    bare = boxed[1].strip() if boxed and not BOXED.sub("", line).strip("$ .") else line
    bare = bare.lstrip(OPEN + "#>").rstrip(CLOSE)
    if last:
        bare = bare.rstrip(".!").rstrip(CLOSE)
    if bare not in labels:
        spelled = [label for label in labels if len(label) > 1 and label.casefold() == bare.casefold()]
        bare = spelled[0] if len(spelled) == 1 else of_total(bare, labels)
    return Found(bare) if bare else None
