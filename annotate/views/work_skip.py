"""Why an annotator passes an item over."""

from collections.abc import Mapping
from typing import Any

from annotate.errors import Invalid
from annotate.kinds.controls import Option, digit

REASONS = {
    "lacks expertise": "I lack the expertise",
    "ambiguous": "The question is ambiguous here",
    "broken item": "The item is broken",
    "unsafe": "Unsafe or disturbing",
    "personal data": "Contains personal data",
    "wrong language": "A language I do not read well",
    "both unacceptable": "Both are unacceptable",
    "other": "Something else",
}


def skip_options(shown: int) -> list[Option]:
    """The reasons that make sense where so many completions are shown."""
    given = {reason: label for reason, label in REASONS.items() if shown > 1 or reason != "both unacceptable"}
    if shown > 2:
        given["both unacceptable"] = "All are unacceptable"
    return [Option(reason, label, digit(position)) for position, (reason, label) in enumerate(given.items())]


def skip_reason(form: Mapping[str, Any]) -> str:
    """The reason in a submitted form, followed by what was added in words. Raises `Invalid`."""
    reason, note = str(form.get("reason") or ""), str(form.get("note") or "").strip()
    if reason not in REASONS:
        raise Invalid("choose why you skip this item", {"reason": "one of the reasons listed"})
    if reason == "other" and not note:
        raise Invalid("say in a few words why you skip this item", {"note": "a few words"})
    return f"{reason}: {note}" if note else reason
