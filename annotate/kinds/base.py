"""What a question kind is: its configuration, its answers, the records they yield, and its form.

An answer has one shape at every door (browser, API, judge, import, export) and one validator: `Kind.clean`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from annotate.errors import Invalid
from annotate.kinds.controls import Filled, Shown
from annotate.kinds.forms import Form
from annotate.kinds.settings import Setting
from annotate.kinds.source import Source

LARGEST = 1_000_000_000
"""Bounds a configured number, so that sums and quotients of them are exact enough."""
LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as asked of one unit. `keys` are the completions shown, in the item's order; `source` is its item."""

    name: str
    kind: str
    config: Mapping[str, Any] = field(default_factory=dict)
    required: bool = True
    title: str = ""
    shows: str = "all"
    when: Mapping[str, Any] | None = None
    keys: tuple[str, ...] = ()
    source: Source = field(default_factory=Source, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ScoreRow:
    key: str
    value: float


@dataclass(frozen=True, slots=True)
class PreferenceRow:
    """`sign` is +1 where `a` is preferred, 0 for a tie, -1 where `b` is."""

    a: str
    b: str
    sign: int
    strength: int | None = None
    both_bad: bool = False


@dataclass(frozen=True, slots=True)
class LabelRow:
    target: str
    point: str
    value: str


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A mark on a target; without offsets it is about the whole. Offsets are code points of the target's `part`."""

    target: str
    label: str
    start: int | None = None
    end: int | None = None
    severity: str | None = None
    quote: str | None = None
    refs: list[str] | None = None
    part: int | None = None
    note: str | None = None
    attributes: dict[str, Any] | None = None


Scale = Literal["nominal", "ordinal", "interval", "ranking", "set", "span", "text"]
"""What tells two answers apart, and so which distance agreement takes: another label, more steps, a larger
difference, pairs in another order, other members, other places. Texts are not held against each other."""

RecordRow = ScoreRow | PreferenceRow | LabelRow | MarkRow


class Kind(ABC):
    """One question kind: one file in this package and one template `kinds/<name>.html`.

    `settings` describe the configuration to the campaign form, a setting for every key of `config_keys`;
    `yields` says which records its answers give, so that reports and exports find the questions that they can use.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    shows: ClassVar[frozenset[str]] = frozenset({"each", "pair", "all"})
    yields: ClassVar[frozenset[type[RecordRow]]]
    config_keys: ClassVar[frozenset[str]]
    settings: ClassVar["Sequence[Setting]"] = ()

    @abstractmethod
    def clean_config(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """The configuration with its defaults filled in. Raises `Invalid` naming what is wrong."""

    @abstractmethod
    def clean(self, asked: Asked, answer: Any) -> Any:
        """The answer in its canonical form. Raises `Invalid` saying what would be right."""

    def scale(self, config: Mapping[str, Any]) -> Scale:
        """What tells two answers apart; by default what its records are: labels, marks, sides of pairs, or numbers."""
        by_record: dict[type[RecordRow], Scale] = {LabelRow: "nominal", MarkRow: "span", PreferenceRow: "ordinal"}
        return next((scale for record, scale in by_record.items() if record in self.yields), "interval")

    @abstractmethod
    def records(self, asked: Asked, answer: Any) -> Iterable[RecordRow]:
        """The records that a clean answer yields."""

    def from_records(self, asked: Asked, rows: Sequence[RecordRow]) -> Any:
        """The raw answer that records come to, each about another thing: what `records` undoes, and more, since records
        on which votes decided need not fit together. None where they make no answer."""
        return None

    @abstractmethod
    def from_form(self, asked: Asked, form: Form) -> Any:
        """The raw answer in a submitted form; None where nothing was answered."""

    def keys_named(self, answer: Any) -> set[str]:
        """The completion keys that a raw answer mentions: they tell which unit an imported answer is about."""
        return set(answer) if isinstance(answer, Mapping) else set()

    def item_problem(self, config: Mapping[str, Any], shows: str, completions: int, source: Source) -> str | None:
        """Why this kind cannot be asked of an item with so many completions and these texts; None where it can."""
        return None

    def unready(self, config: Mapping[str, Any], source: Source) -> bool:
        """Whether an item is to wait for something that is made for it, such as its points; nobody is asked before."""
        return False

    def shown_config(self, config: Mapping[str, Any], source: Source) -> Mapping[str, Any]:
        """The configuration as an annotator of an item needs it, with what comes from that item."""
        return config

    def keys(self, config: Mapping[str, Any], completions: int) -> list[str]:
        """The keys that answer this question on the page of a unit with so many completions, a letter or digit each."""
        return []

    def clean_condition(self, config: Mapping[str, Any], wanted: Any) -> Any:
        """What a follow-up waits for (`when: {"equals": wanted}`) in its canonical form. Raises `Invalid`."""
        return wanted

    def to_form(self, asked: Asked, answer: Any) -> Filled:
        """The form values that stand for an answer: what `from_form` undoes. A draft may be anything at all."""
        return {}

    def controls(self, asked: Asked, filled: Filled, shown: Sequence[Shown]) -> Mapping[str, Any]:
        """What the template needs, with the completions in screen order and the form values given so far."""
        return {}


def refuse(asked: Asked, message: str) -> Invalid:
    """An `Invalid` that names the question."""
    return Invalid(f"{asked.name}: {message}", {asked.name: message})


def per_completion(asked: Asked, answer: Any) -> Mapping[str, Any]:
    """`answer` as an object with a value for each completion shown, and for no other."""
    example = ", ".join(f'"{key}": …' for key in asked.keys)
    if not isinstance(answer, Mapping):
        raise refuse(asked, f"give an object with a value per completion: {{{example}}}")
    if unknown := [str(key) for key in answer if key not in asked.keys]:
        raise refuse(asked, f"{brief(unknown)}: no such completion here; shown are {', '.join(asked.keys)}")
    if missing := [key for key in asked.keys if key not in answer]:
        raise refuse(asked, f"no value for completion {', '.join(missing)}; give {{{example}}}")
    return answer


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def brief(value: Any) -> str:
    """A value as a message quotes it."""
    text = repr(value)
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"


def config_strings(config: Mapping[str, Any], name: str) -> list[str]:
    """A list of distinct, non-empty strings from the configuration; empty where it is left out."""
    value = config.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        raise Invalid(f"{name} must be a list of non-empty strings", {f"config.{name}": "a list of strings"})
    if len(set(value)) != len(value):
        raise Invalid(f"{name} names one thing twice", {f"config.{name}": "every entry once"})
    return list(value)


def config_flag(config: Mapping[str, Any], name: str, default: bool = False) -> bool:
    value = config.get(name, default)
    if not isinstance(value, bool):
        raise Invalid(f"{name} must be true or false", {f"config.{name}": "true or false"})
    return value


def config_number(config: Mapping[str, Any], name: str, default: float) -> float | int:
    value = config.get(name, default)
    if not is_number(value) or not -LARGEST <= value <= LARGEST:
        raise Invalid(f"{name} must be a number", {f"config.{name}": f"a number up to {LARGEST:,}"})
    return value  # type: ignore[no-any-return]


def config_per(config: Mapping[str, Any]) -> str:
    """Whether a question is answered once for the unit or once for each completion."""
    per = config.get("per")
    if per not in (None, "unit", "completion"):
        raise Invalid("per must be unit or completion", {"config.per": "unit or completion"})
    return per or "unit"
