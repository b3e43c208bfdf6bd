"""Why an annotator passes an item over or calls the researchers to it, and what each reason does."""

from collections.abc import Mapping
from typing import Any

from annotate.errors import Invalid
from annotate.flagging import NEEDS_NOTE, Reasons, reasons_of
from annotate.kinds.controls import Option, digit

DOES = {
    "another": "Goes to somebody else",
    "tell": "A researcher sees it",
    "remove": "Leaves the campaign until a researcher has looked",
    "adjudicate": "A researcher decides",
}
SKIPPED = {
    "another": "Skipped. The item goes to somebody else.",
    "remove": "Skipped. The item leaves the campaign until a researcher has looked.",
    "adjudicate": "Skipped. A researcher decides.",
}
FLAGGED = {
    "tell": "Flagged for the researchers. Go on with the item as you like.",
    "remove": "Flagged. The item leaves the campaign until a researcher has looked; you may still finish it.",
    "adjudicate": "Flagged. A researcher decides; you may still finish it.",
}
BOTH = "both unacceptable"


def skip_options(version_id: int, shown: int) -> list[Option]:
    """The reasons that make sense where so many completions are shown."""
    known = reasons_of("skip", version_id)
    return _options({key: reason for key, reason in known.items() if shown > 1 or key != BOTH})


def flag_options(version_id: int) -> list[Option]:
    return _options(reasons_of("flag", version_id))


def _options(reasons: Reasons) -> list[Option]:
    return [
        Option(key, reason["text"], digit(position), DOES[reason["then"]])
        for position, (key, reason) in enumerate(reasons.items())
    ]


def skip_reason(form: Mapping[str, Any], version_id: int) -> str:
    """The reason in a submitted form, followed by what was added in words. Raises `Invalid`."""
    reason, note = str(form.get("reason") or ""), str(form.get("note") or "").strip()
    if reason not in reasons_of("skip", version_id):
        raise Invalid("choose why you skip this item", {"reason": "one of the reasons listed"})
    if reason == NEEDS_NOTE and not note:
        raise Invalid("say in a few words why you skip this item", {"note": "a few words"})
    return f"{reason}: {note}" if note else reason
