"""Free text: a rationale, a critique for each completion, or a correction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotate.errors import Invalid
from annotate.kinds.base import (
    Asked,
    Kind,
    LabelRow,
    Scale,
    config_flag,
    config_number,
    config_per,
    per_completion,
    refuse,
)
from annotate.kinds.controls import Field, Filled, Shown, field_name, filled_by_completion, form_values
from annotate.kinds.forms import Form
from annotate.kinds.settings import PER, flag, number

LONGEST = 100_000


class Text(Kind):
    """`"…"`, or `{"a": "…"}` when `per` is completion; lengths count code points without outer white space.

    Line breaks are LF at every door, as browsers keep them: a correction of a text with CRLF has LF, and one that
    changes nothing equals that text with its line breaks so. With `min_length` 0 an empty text is an answer.
    """

    name = "text"
    title = "Text"
    yields = frozenset({LabelRow})
    config_keys = frozenset({"min_length", "max_length", "per", "prefill"})
    settings = (
        number("min_length", "Shortest", 1, "characters"),
        number("max_length", "Longest", hint="characters; empty for no limit"),
        PER,
        flag("prefill", "Start from the completion", "For corrections: the answer begins as the completion's text."),
    )

    def clean_config(self, config: Mapping[str, Any]) -> dict[str, Any]:
        low, high = config_number(config, "min_length", 1), config_number(config, "max_length", LONGEST)
        if int(low) != low or int(high) != high or not 0 <= low <= high <= LONGEST:
            raise Invalid(
                f"lengths must be whole numbers with 0 ≤ min_length ≤ max_length ≤ {LONGEST}",
                {"config.min_length": f"0 to {high}"},
            )
        per = config_per(config)
        prefill = config_flag(config, "prefill")
        if prefill and per != "completion":
            raise Invalid("prefill starts from a completion: it needs per: completion", {"config.per": "completion"})
        return {"min_length": int(low), "max_length": int(high), "per": per, "prefill": prefill}

    def clean(self, asked: Asked, answer: Any) -> Any:
        if asked.config.get("per") != "completion":
            return self._clean_value(asked, answer)
        given = per_completion(asked, answer)
        return {key: self._clean_value(asked, given[key]) for key in asked.keys}

    def _clean_value(self, asked: Asked, value: Any) -> str:
        if not isinstance(value, str):
            raise refuse(asked, "give a text")
        text = plain_lines(value)
        low, high = asked.config.get("min_length", 1), asked.config.get("max_length", LONGEST)
        length = len(text.strip())
        if not low <= length <= high:
            raise refuse(asked, f"the text has {length} characters; give {low} to {high}")
        return text

    def scale(self, config: Mapping[str, Any]) -> Scale:
        return "text"

    def records(self, asked: Asked, answer: Any) -> Iterable[LabelRow]:
        by_target = answer if isinstance(answer, Mapping) else {"": answer}
        return (LabelRow(target, "", value) for target, value in by_target.items())

    def from_form(self, asked: Asked, form: Form) -> Any:
        empty = asked.config.get("min_length") == 0
        if asked.config.get("per") != "completion":
            return _typed(form.get(asked.name), empty)
        given = {key: _typed(form.get(field_name(asked.name, key)), empty) for key in asked.keys}
        return {key: value for key, value in given.items() if value is not None} or None

    def to_form(self, asked: Asked, answer: Any) -> Filled:
        if asked.config.get("per") == "completion":
            return filled_by_completion(asked.name, answer, asked.keys)
        return {asked.name: form_values(answer)[:1]}

    def controls(self, asked: Asked, filled: Filled, shown: Sequence[Shown]) -> Mapping[str, Any]:
        """A field for the unit, or one per completion, which may start with the completion's own text."""
        if asked.config.get("per") != "completion":
            return {"fields": [Field(asked.name, "", filled.get(asked.name, ()))]}
        prefill = asked.config.get("prefill")
        fields = []
        for completion in shown:
            name, begun = field_name(asked.name, completion.key), plain_lines(completion.text) if prefill else ""
            values = filled.get(name) or ([begun] if begun else [])
            fields.append(Field(name, completion.name if len(shown) > 1 else "", values, about=begun))
        return {"fields": fields} | ({"widget": "correction"} if prefill else {})


def plain_lines(text: str) -> str:
    """The text with LF for every line break, which is what a browser's text field makes of it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _typed(value: Any, empty: bool) -> str | None:
    """What a text field holds; an empty one is an answer only where that is said."""
    return plain_lines(str(value)) if value is not None and (empty or str(value).strip()) else None
