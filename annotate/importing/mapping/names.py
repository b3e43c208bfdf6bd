"""Which column plays which part, guessed from names first and from content where names say nothing."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from annotate.importing.mapping.base import Sample
from annotate.importing.mapping.fields import decoded, is_messages

PROMPTS: tuple[str, ...] = (
    "prompt",
    "instruction",
    "question",
    "query",
    "user_prompt",
    "input",
    "user",
    "problem",
    "task",
)
PROMPTS += ("post", "mr", "title")
COMPLETIONS: tuple[str, ...] = (
    "response",
    "completion",
    "output",
    "answer",
    "ans",
    "prediction",
    "candidate",
    "generation",
)
COMPLETIONS += (
    "reply",
    "continuation",
    "summary",
    "translation",
    "story",
    "hypothesis",
    "text",
    "ref",
    "resp",
)
COMPLETIONS += ("gen", "assistant", "chosen", "rejected")
MODELS = ("model", "models", "system", "systems", "generator", "engine", "team", "llm")
CONTEXTS = ("context", "passage", "passages", "document", "documents", "background", "article", "evidence")
REFERENCES = ("reference", "reference_answer", "ground_truth", "gold", "gold_answer", "target", "expected")
KEYS: tuple[str, ...] = ("key", "id", "uid", "uuid", "item_id", "example_id", "pair_id", "comparison_id", "row_id")
NUMBERED = re.compile(r"(?P<stem>[a-z_]+?)(?:_?(\d{1,2})|_([a-h]))(?P<suffix>(?:_[a-z]+)*)")
LONG = 20


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a file and its first rows, with what the guesses ask of them."""

    columns: Sequence[str]
    sample: Sample

    def values(self, column: str) -> list[object]:
        return [value[column] for value in self.sample if value.get(column) not in (None, "")]

    def length(self, column: str) -> float:
        """Mean length of the column's texts; 0 where it holds numbers, dates or anything else."""
        values = self.values(column)
        if values and all(is_messages(decoded(value)) for value in values):
            return fmean(len(str(value)) for value in values)
        if not values or not all(isinstance(value, str) and re.search(r"[^\W\d_]{2}", value) for value in values):
            return 0
        return fmean(len(str(value)) for value in values)

    def holds_lists(self, column: str) -> bool:
        values = [decoded(value) for value in self.values(column)]
        return bool(values) and all(isinstance(value, list) and not is_messages(value) for value in values)

    def named(self, names: Sequence[str], but: Iterable[str] = ()) -> str | None:
        """The column with one of the names, the earlier name first."""
        left = {plain(column): column for column in reversed(self.columns) if column not in set(but)}
        return next((left[name] for name in names if name in left), None)

    def longest(self, but: Iterable[str]) -> str | None:
        """The column with the longest texts, if any are long enough to read."""
        left = [column for column in self.columns if column not in set(but)]
        best = max(left, key=self.length, default=None)
        return best if best is not None and self.length(best) >= LONG else None


def plain(column: str) -> str:
    """A name in lower case with single underscores."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column)
    return re.sub(r"[^a-z0-9]+", "_", apart.lower()).strip("_")


def words(column: str) -> set[str]:
    return set(re.findall(r"[a-z]+", plain(column)))


def families(columns: Sequence[str]) -> list[list[str]]:
    """Columns whose names differ in a number or letter only, like answer_1, answer_2; two or more."""
    found = defaultdict(list)
    for column in columns:
        match = NUMBERED.fullmatch(plain(column))
        if match:
            found[match["stem"].strip("_"), match["suffix"]].append(column)
    return [family for family in found.values() if len(family) > 1]


def completion_family(table: Table) -> list[str]:
    """The family of text columns that holds the completions; empty where there is none."""
    known = [family for family in families(table.columns) if words(family[0]) & set(COMPLETIONS)]
    if {"chosen", "rejected"} <= set(table.columns):
        known.append(["chosen", "rejected"])
    texts = [family for family in known if not table.sample or all(table.length(column) for column in family)]
    return max(texts, key=lambda family: fmean(map(table.length, family)), default=[])


def model_family(table: Table, size: int, but: Iterable[str]) -> list[str]:
    """As many columns that name the completions' models; empty where there are none."""
    fitting = [
        family
        for family in families(table.columns)
        if len(family) == size and words(family[0]) & set(MODELS) and not set(family) & set(but)
    ]
    return fitting[0] if fitting else []
