"""One decision of a researcher about an annotator, as it comes from a page or over HTTP."""

from collections.abc import Mapping
from typing import Any

from annotate.errors import Invalid
from annotate.models import Annotator, Campaign, Standing
from annotate.standing import exclude, include, pause, resume, weigh

ACTIONS = {"pause": pause, "resume": resume, "include": include}


def decide(campaign: Campaign, annotator: Annotator, by: Annotator, sent: Mapping[str, Any]) -> Standing:
    """`sent` is {"action": pause, resume, exclude, include, weigh; "weight"?, "ask_others"?, "note"?}. Raises `Invalid`
    that names the field."""
    action, note = sent.get("action"), sent.get("note", "")
    if action == "weigh":
        return weigh(campaign, annotator, by, sent.get("weight"), note)
    if action == "exclude":
        ask_others = sent.get("ask_others", False)
        if not isinstance(ask_others, bool):
            raise Invalid("ask_others must be true or false", {"ask_others": "true or false"})
        return exclude(campaign, annotator, by, note, ask_others=ask_others)
    if not isinstance(action, str) or action not in ACTIONS:
        known = ", ".join([*ACTIONS, "exclude", "weigh"])
        raise Invalid("say what is to be done about the annotator", {"action": f"one of {known}"})
    return ACTIONS[action](campaign, annotator, by, note)
