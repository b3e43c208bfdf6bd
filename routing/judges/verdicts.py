"""A label out of what a model wrote: an explicit verdict, never one that is only mentioned.

Explicit is a JSON object with an answer, a line that begins with `Answer:` or the like, `[RESULT] 4`, or a label alone
on its line. All explicit verdicts must agree, unless a score is called final. Where a line names a verdict and gives
anything but a label, or the text goes on to doubt it, there is none: what is in doubt is asked again. Nor is there one
in what the model quotes (`> …`), in the prose (“its answer is A”), or in a line that only repeats the prompt.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from routing.judges.forms import ANSWER
from routing.judges.parsing import NotReadable, objects, objects_amid, squeezed, without_echo, without_objects
from routing.judges.spelling import CLOSE, OPEN, as_label, of_total, only_label

NAMES = (ANSWER, "verdict", "result", "score", "rating", "grade", "choice", "preference", "label")
NAMED = "|".join(NAMES)
GRADED = "verdict|result|score|rating|grade"
ASIDE = r"[*_`]*(?:\s*\([^)]{0,40}\))?[*_`]*"  # “Score (1-5):”
BEGIN = r"^[-*_#`\s•]*(?:(?:so|thus|therefore|hence|(?:in\s+)?conclusion)[,:]?\s+)?"
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
RETRACTION = re.compile(
    r"\b(?:on reflection|on second thought|i (?:take|change|cannot|can't|can’t)|wait\b|correction:|actually\b|hmm+"
    r"|no preference|undecided|unfounded|neither|both fail|inject(?:ed|ion)"
    r"|(?:that|this|which) (?:is|was|would be) wrong)"
    r"|^\W*(?:but|however)\b",
    re.IGNORECASE | re.MULTILINE,
)
QUOTED = re.compile(r"^\s*>")
LISTED = re.compile(r"^[^(]*\)\W*$")  # “1)” opens a list
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
    own = "\n".join(line for line in without_echo(text, prompt).splitlines() if not QUOTED.match(line))
    found = [*_in_objects(own, labels, prompt), *_in_lines(without_objects(own), labels)]
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


def _in_objects(text: str, labels: Sequence[str], prompt: str) -> list[Found]:
    if any(_named(value, labels) for value in objects_amid(text)):
        raise NotReadable("it holds a JSON object amid a sentence, which may be quoted")
    said = [] if squeezed(text) in squeezed(prompt) else objects(text, prompt)
    return [Found(label) for value in said if (label := _named(value, labels)) is not None]


def _named(value: Mapping[str, Any], labels: Sequence[str]) -> str | None:
    names = [name for name in value if name.casefold() in NAMES]
    name = ANSWER if ANSWER in value else names[0] if len(names) == 1 else None
    return as_label(value[name], labels) if name else None


def _in_lines(text: str, labels: Sequence[str]) -> list[Found]:
    """The verdicts of the lines. Raises NotReadable where one is none of the labels, or is taken back."""
    lines = [line.strip()[:LONGEST_LINE] for line in text.splitlines() if line.strip()]
    found, first = [], len(lines)
    for number, line in enumerate(lines):
        after = lines[number + 1] if number + 1 < len(lines) else ""
        verdict = _marked(line, after, labels) or _alone(line, labels, not after)
        if verdict is not None:
            found.append(verdict)
            first = min(first, number)
    if RETRACTION.search("\n".join(lines[first + 1 :])):
        raise NotReadable("it takes its verdict back, or doubts it")
    return found


def _marked(line: str, after: str, labels: Sequence[str]) -> Found | None:
    """The verdict of a line that names it as one; a line that ends there names what stands on the next."""
    match = next((match for marker in MARKERS if (match := marker.search(line))), None)
    last = None if match else LAST_SENTENCE.search(line)
    named = match or last
    if named is None:
        return None
    rest = named["rest"] if named["rest"].strip(OPEN + CLOSE) else after
    if not rest or (rest is after and any(marker.search(after) for marker in MARKERS)):
        return None
    label = only_label(rest, labels)
    if label is None:
        raise NotReadable(f"a line names a verdict and gives {rest.strip()[:60]!r}, which is not exactly one label")
    return Found(label, bool(match and match["final"]))


def _alone(line: str, labels: Sequence[str], last: bool) -> Found | None:
    """The verdict of a line that is a label and nothing else, with or without emphasis."""
    if LISTED.match(line):
        return None
    boxed = BOXED.search(line)
    bare = boxed[1].strip() if boxed and not BOXED.sub("", line).strip("$ .") else line
    bare = bare.lstrip(OPEN + "#").rstrip(CLOSE)
    if last:  # above other lines “1.” opens a list
        bare = bare.rstrip(".!").rstrip(CLOSE)
    if bare not in labels:
        spelled = [label for label in labels if len(label) > 1 and label.casefold() == bare.casefold()]
        bare = spelled[0] if len(spelled) == 1 else of_total(bare, labels)
    return Found(bare) if bare else None
