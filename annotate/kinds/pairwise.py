"""Which of two completions is better."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from annotate.errors import Invalid
from annotate.kinds.base import Asked, Kind, PreferenceRow, RecordRow, brief, config_flag, config_strings, refuse
from annotate.kinds.controls import DIGITS, Field, Filled, Option, Shown, digit
from annotate.kinds.forms import Form
from annotate.kinds.settings import flag, lines
from annotate.kinds.source import Source

TIE, BOTH_BAD = "@tie", "@both_bad"
"""Form values beside completion keys, which never start with @."""
TIE_KEYS, BOTH_BAD_KEY = "0 t", "b"
MOST_IN_LINE = 7
"""A scale with more steps stands in lines: one for each side, and the tie between."""


class Pairwise(Kind):
    """`{"preferred": key or null for a tie, "strength"?: 1..n, "both_bad"?: true}`."""

    name = "pairwise"
    title = "Which is better"
    shows = frozenset({"pair", "all"})
    yields = frozenset({PreferenceRow})
    config_keys = frozenset({"strengths", "allow_tie", "both_bad"})
    settings = (
        flag("allow_tie", "A tie is allowed", default=True),
        flag("both_bad", "“Both are bad” is an answer", "Counts as a tie, and is kept apart."),
        lines(
            "strengths", "How much better", "One per line, weakest first, such as slightly / clearly. Empty: not asked."
        ),
    )

    def clean_config(self, config: Mapping[str, Any]) -> dict[str, Any]:
        clean = {
            "strengths": config_strings(config, "strengths"),
            "allow_tie": config_flag(config, "allow_tie", True),
            "both_bad": config_flag(config, "both_bad"),
        }
        if clean["both_bad"] and not clean["allow_tie"]:
            raise Invalid("both_bad is a tie of a sort: it needs allow_tie", {"config.both_bad": "needs allow_tie"})
        return clean

    def item_problem(self, config: Mapping[str, Any], shows: str, completions: int, source: Source) -> str | None:
        if shows == "all" and completions != 2:
            return f"a pairwise question that shows all needs exactly two completions, not {completions}"
        return "a pairwise question needs at least two completions" if completions < 2 else None

    def clean(self, asked: Asked, answer: Any) -> dict[str, Any]:
        if not isinstance(answer, Mapping) or "preferred" not in answer:
            raise refuse(asked, 'give {"preferred": key}, with null for a tie')
        if unknown := [str(key) for key in answer if key not in ("preferred", "strength", "both_bad")]:
            raise refuse(asked, f"{brief(unknown)} is not part of this answer: preferred, strength, both_bad are")
        preferred = answer["preferred"]
        if preferred is None:
            return self._clean_tie(asked, answer)
        if preferred not in asked.keys:
            raise refuse(asked, f"preferred must be {' or '.join(asked.keys)}, or null for a tie")
        if answer.get("both_bad", False) is not False:
            raise refuse(asked, "both_bad goes with a tie: preferred must be null")
        strength = self._clean_strength(asked, answer)
        return {"preferred": preferred} | ({"strength": strength} if strength else {})

    def _clean_tie(self, asked: Asked, answer: Mapping[str, Any]) -> dict[str, Any]:
        if not asked.config.get("allow_tie", True):
            raise refuse(asked, f"a tie is not allowed: prefer {' or '.join(asked.keys)}")
        if answer.get("strength") is not None:
            raise refuse(asked, "a tie has no strength")
        both_bad = answer.get("both_bad", False)
        if not isinstance(both_bad, bool):
            raise refuse(asked, "both_bad must be true or false")
        if both_bad and not asked.config.get("both_bad"):
            raise refuse(asked, "both_bad is not asked here")
        return {"preferred": None} | ({"both_bad": True} if both_bad else {})

    def _clean_strength(self, asked: Asked, answer: Mapping[str, Any]) -> int | None:
        labels = asked.config.get("strengths") or []
        strength = answer.get("strength")
        if not labels:
            if strength is not None:
                raise refuse(asked, "strength is not asked here")
            return None
        if type(strength) is not int or not 1 <= strength <= len(labels):
            raise refuse(asked, f"strength must be 1 to {len(labels)} ({', '.join(labels)})")
        return strength

    def keys_named(self, answer: Any) -> set[str]:
        preferred = answer.get("preferred") if isinstance(answer, Mapping) else None
        return {preferred} if isinstance(preferred, str) else set()

    def records(self, asked: Asked, answer: Any) -> Iterable[PreferenceRow]:
        a, b = asked.keys
        sign = {a: 1, b: -1}.get(answer["preferred"], 0)
        yield PreferenceRow(a, b, sign, answer.get("strength"), answer.get("both_bad", False))

    def from_records(self, asked: Asked, rows: Sequence[RecordRow]) -> Any:
        """A tie of votes is a tie. Strength and both_bad go in where the question asks for them."""
        row = next((row for row in rows if isinstance(row, PreferenceRow)), None)
        if row is None:
            return None
        if row.sign == 0:
            return {"preferred": None} | ({"both_bad": True} if row.both_bad and asked.config.get("both_bad") else {})
        most = len(asked.config.get("strengths") or ())
        strength = {"strength": min(max(row.strength or 1, 1), most)} if most else {}
        return {"preferred": row.a if row.sign > 0 else row.b} | strength

    def from_form(self, asked: Asked, form: Form) -> Any:
        """One field: `key` or `key:strength` for a side, `@tie` or `@both_bad`."""
        value = form.get(asked.name)
        if not value:
            return None
        if value in (TIE, BOTH_BAD):
            return {"preferred": None} | ({"both_bad": True} if value == BOTH_BAD else {})
        key, _, strength = str(value).rpartition(":") if asked.config.get("strengths") else (value, "", "")
        return {"preferred": key} | ({"strength": int(strength)} if strength.isdecimal() and len(strength) < 10 else {})

    def to_form(self, asked: Asked, answer: Any) -> Filled:
        if not isinstance(answer, Mapping) or "preferred" not in answer:
            return {}
        side, strength = answer["preferred"], answer.get("strength")
        if side is None:
            return {asked.name: [BOTH_BAD if answer.get("both_bad") else TIE]}
        return {asked.name: [f"{side}:{strength}" if strength else str(side)]}

    def keys(self, config: Mapping[str, Any], completions: int) -> list[str]:
        sides = 2 * max(1, len(config.get("strengths") or ()))
        tie = TIE_KEYS.split() if config.get("allow_tie", True) else []
        return [*DIGITS[:sides], *tie, *([BOTH_BAD_KEY] if config.get("both_bad") else [])]

    def controls(self, asked: Asked, filled: Filled, shown: Sequence[Shown]) -> Mapping[str, Any]:
        """A scale from strongest for the left to strongest for the right, and "both bad" apart."""
        chosen = filled.get(asked.name, ())
        scale = list(_scale(asked.config.get("strengths") or [], *shown))
        if asked.config.get("allow_tie", True):
            scale.insert(len(scale) // 2, Option(TIE, "Tie", TIE_KEYS))
        apart = [Option(BOTH_BAD, "Both bad", BOTH_BAD_KEY)] if asked.config.get("both_bad") else []
        mark = partial(_mark, chosen=chosen)
        return {
            "field": Field(asked.name, "", chosen, [mark(o) for o in scale]),
            "apart": [mark(o) for o in apart],
            "left": shown[0].name,
            "right": shown[1].name,
            "strengths": asked.config.get("strengths") or [],
            "long": len(scale) > MOST_IN_LINE,
        }


def _scale(strengths: Sequence[str], left: Shown, right: Shown) -> Iterable[Option]:
    if not strengths:
        yield Option(left.key, left.name, "1")
        yield Option(right.key, right.name, "2")
        return
    steps = [(left, n) for n in range(len(strengths), 0, -1)] + [(right, n + 1) for n in range(len(strengths))]
    for position, (side, n) in enumerate(steps):
        yield Option(f"{side.key}:{n}", strengths[n - 1], digit(position), side.name)


def _mark(option: Option, chosen: Sequence[str]) -> Option:
    return replace(option, chosen=option.value in chosen)
