"""The options of a choice question: how they are listed and wanted, and what the replies choose."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from routing.judges.base import Labels, Reply, Structured
from routing.protocols.base import QuestionSpec
from routing.protocols.common.prompting import letters

MOST_LETTERS = 20  # servers report the log-probabilities of so many tokens
ONE_OF = "Which of these options is right?"
ALL_THAT = "Which of these options hold? There may be one or several."
LETTER_FORM = "Reply with the single letter of the option."
NAME_FORM = 'Reply with JSON: {"answer": name}, with the name of the option, which stands first in its line.'
NAMES_FORM = (
    'Reply with JSON: {"answers": [name, …]}, with the names of all that hold, which stand first in their lines.'
)


@dataclass(frozen=True, slots=True)
class Option:
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """`answer` is an option's key or a list of them; `why` says why there is none."""

    answer: Any = None
    probabilities: dict[str, float] = field(default_factory=dict)
    confidence: float = 1.0
    why: str = ""


def options_of(question: QuestionSpec) -> list[Option]:
    """The options with their texts, in the question's order."""
    found = [{"key": each} if isinstance(each, str) else each for each in question.config["options"]]
    return [Option(each["key"], each.get("text") or each["key"]) for each in found]


def orders_of(question: QuestionSpec, count: int) -> list[list[Option]]:
    """The options as they are listed in each call: in their order, and reversed where two orders are asked."""
    options = options_of(question)
    return [options, options[::-1]][:count]


def want_of(question: QuestionSpec, options: Sequence[Option]) -> Labels | Structured:
    keys = [option.key for option in options]
    if question.config.get("multiple"):
        return Structured(_schema("answers", {"type": "array", "items": {"enum": keys}, "uniqueItems": True}))
    return Labels(letters(len(keys))) if by_letter(options) else Structured(_schema("answer", {"enum": keys}))


def listed(options: Sequence[Option], want: Labels | Structured) -> str:
    """A line per option, under its letter or its name."""
    names = want.labels if isinstance(want, Labels) else [option.key for option in options]
    pairs = zip(names, options, strict=True)
    return "\n".join(name if name == option.text else f"{name}: {option.text}" for name, option in pairs)


def asked_as(question: QuestionSpec, want: Labels | Structured) -> tuple[str, str]:
    """What is asked, and in which form."""
    if question.config.get("multiple"):
        return ALL_THAT, NAMES_FORM
    return ONE_OF, LETTER_FORM if isinstance(want, Labels) else NAME_FORM


def chosen_from(question: QuestionSpec, orders: Sequence[Sequence[Option]], replies: Sequence[Reply]) -> Chosen:
    """What the replies of one target, one for each order, choose together."""
    if not by_letter(orders[0]) or question.config.get("multiple"):
        return _named(question, replies)
    given = [_by_key(options, reply) for options, reply in zip(orders, replies, strict=True)]
    if not all(reply.probabilities for reply in replies):
        names = {max(each, key=each.__getitem__) for each in given}
        return Chosen(names.pop()) if len(names) == 1 else Chosen(why="the two orders of the options chose differently")
    mean = {key: sum(each[key] for each in given) / len(given) for key in given[0]}
    best = [key for key, p in mean.items() if p == max(mean.values())]
    if len(best) > 1:
        return Chosen(probabilities=mean, why=f"{' and '.join(best)} are as probable as each other")
    return Chosen(best[0], mean, mean[best[0]])


def by_letter(options: Sequence[Option]) -> bool:
    return len(options) <= MOST_LETTERS


def _named(question: QuestionSpec, replies: Sequence[Reply]) -> Chosen:
    if not question.config.get("multiple"):
        names = [reply.value["answer"] for reply in replies]
        return (
            Chosen(names[0]) if len(set(names)) == 1 else Chosen(why="the two orders of the options chose differently")
        )
    sets = [set(reply.value["answers"]) for reply in replies]
    if any(each != sets[0] for each in sets):
        return Chosen(why="the two orders of the options chose differently")
    kept = [option.key for option in options_of(question) if option.key in sets[0]]
    return Chosen(kept) if kept else Chosen(why="none of the options was found to hold")


def _by_key(options: Sequence[Option], reply: Reply) -> dict[str, float]:
    """Option → its probability; all on one where only its letter came. In the question's order where that matters."""
    pairs = zip(letters(len(options)), options, strict=True)
    if reply.probabilities:
        return {option.key: reply.probabilities[letter] for letter, option in pairs}
    return {option.key: float(letter == reply.value) for letter, option in pairs}


def _schema(name: str, what: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {name: what}, "required": [name], "additionalProperties": False}
