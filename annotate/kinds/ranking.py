"""An order of the completions shown, with ties."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

from annotate.kinds.base import (
    Asked,
    Kind,
    PreferenceRow,
    RecordRow,
    Scale,
    brief,
    config_flag,
    is_number,
    per_completion,
    refuse,
)
from annotate.kinds.controls import DIGITS, Field, Filled, Shown, field_name, filled_by_completion
from annotate.kinds.forms import Form, typed_number
from annotate.kinds.settings import flag
from annotate.kinds.source import Source

FIRST_WORDS = 120
SORT = "o"
"""The key that puts the list in order."""


class Ranking(Kind):
    """`{"a": 1, "b": 2, "c": 2}`: rank 1 is best, equal ranks tie. Ranks are kept dense: 1, 5, 9 becomes 1, 2, 3."""

    name = "ranking"
    title = "Ranking"
    shows = frozenset({"pair", "all"})
    yields = frozenset({PreferenceRow})
    config_keys = frozenset({"allow_ties"})
    settings = (flag("allow_ties", "Ties are allowed", "Completions with the same rank.", default=True),)

    def clean_config(self, config: Mapping[str, Any]) -> dict[str, Any]:
        return {"allow_ties": config_flag(config, "allow_ties", True)}

    def item_problem(self, config: Mapping[str, Any], shows: str, completions: int, source: Source) -> str | None:
        return "a ranking needs at least two completions" if completions < 2 else None

    def clean(self, asked: Asked, answer: Any) -> dict[str, int]:
        given = per_completion(asked, answer)
        for key in asked.keys:
            if not is_number(given[key]) or given[key] < 1 or given[key] % 1:
                wrong = brief(given[key])
                raise refuse(asked, f"completion {key}: {wrong} is not a rank; give a whole number from 1 (the best)")
        dense = {rank: place for place, rank in enumerate(sorted(set(given.values())), start=1)}
        if len(dense) < len(asked.keys) and not asked.config.get("allow_ties", True):
            raise refuse(asked, f"ties are not allowed: give each of {', '.join(asked.keys)} its own rank")
        return {key: dense[given[key]] for key in asked.keys}

    def scale(self, config: Mapping[str, Any]) -> Scale:
        return "ranking"

    def records(self, asked: Asked, answer: Any) -> Iterable[PreferenceRow]:
        """A preference for every pair, the first in the item's order as `a`."""
        for a, b in combinations(asked.keys, 2):
            yield PreferenceRow(a, b, (answer[a] < answer[b]) - (answer[a] > answer[b]))

    def from_records(self, asked: Asked, rows: Sequence[RecordRow]) -> Any:
        """The order by Copeland's score, pairs won less pairs lost; equal scores are a tie."""
        score = dict.fromkeys(asked.keys, 0)
        for row in rows:
            if isinstance(row, PreferenceRow):
                score[row.a] += row.sign
                score[row.b] -= row.sign
        return {key: 1 + sum(other > score[key] for other in score.values()) for key in asked.keys}

    def from_form(self, asked: Asked, form: Form) -> Any:
        given = {key: form.get(field_name(asked.name, key)) for key in asked.keys}
        return {key: typed_number(value) for key, value in given.items() if value} or None

    def to_form(self, asked: Asked, answer: Any) -> Filled:
        return filled_by_completion(asked.name, answer, asked.keys)

    def keys(self, config: Mapping[str, Any], completions: int) -> list[str]:
        return [*DIGITS, "0", SORT]

    def controls(self, asked: Asked, filled: Filled, shown: Sequence[Shown]) -> Mapping[str, Any]:
        """A card per completion with its first words, and the field of its rank."""
        return {"widget": "ranking", "fields": [_card(field_name(asked.name, c.key), c, filled) for c in shown]}


def _card(name: str, completion: Shown, filled: Filled) -> Field:
    return Field(name, completion.name, filled.get(name, ()), about=" ".join(completion.text[:FIRST_WORDS].split()))
