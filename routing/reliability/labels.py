"""What an answer says, thing by thing, so that answers can be held against each other whatever their kind."""

from collections.abc import Mapping
from typing import Any

from annotate.errors import Invalid
from annotate.kinds import Asked, kind
from annotate.kinds.base import LabelRow, MarkRow, PreferenceRow, ScoreRow

Label = str | int | float
Thing = tuple[str, ...]
"""What a label is about: two completions compared, one rated, a target and its point, or a target and an option."""

UNCOMPARED = ("text", "span")
"""Kinds whose answers are not labels: texts differ in wording, marks in their places."""


def is_compared(kind_name: str) -> bool:
    return kind_name not in UNCOMPARED and MarkRow not in kind(kind_name).yields


def labels_of(asked: Asked, answer: Any) -> dict[Thing, Label]:
    """The labels of a clean answer: a sign (+1, 0, −1) per pair, a number per rated completion, else a text.

    Where several options may be chosen, each is a thing of its own, "yes" or "no".
    """
    rows = list(kind(asked.kind).records(asked, answer))
    if pairs := [row for row in rows if isinstance(row, PreferenceRow)]:
        return {(row.a, row.b): row.sign for row in pairs}
    named = [row for row in rows if isinstance(row, LabelRow)]
    if asked.config.get("multiple"):
        return _options(asked, answer, {(row.target, row.value) for row in named})
    if named:
        return {(row.target, row.point): row.value for row in named}
    return {(row.key,): float(row.value) for row in rows if isinstance(row, ScoreRow)}


def _options(asked: Asked, answer: Any, chosen: set[tuple[str, str]]) -> dict[Thing, Label]:
    targets = list(answer) if isinstance(answer, Mapping) else [""]
    options = [str(option["key"]) for option in asked.config["options"]]
    return {(target, option): "yes" if (target, option) in chosen else "no" for target in targets for option in options}


def gold_labels(asked: Asked, gold: Mapping[str, Any] | None) -> dict[Thing, Label]:
    """The labels of an item's gold answer to this question, where it is about the unit that `asked` is asked of."""
    answer = ((gold or {}).get("answers") or {}).get(asked.name)
    shown = (gold or {}).get("shown")
    if answer is None or (shown is not None and set(shown) != set(asked.keys)):
        return {}
    found = kind(asked.kind)
    if not found.keys_named(answer) <= {*asked.keys, "@prompt", "@context"}:
        return {}
    try:
        return labels_of(asked, found.clean(asked, answer))
    except Invalid:
        return {}  # gold of an earlier version of the question
