"""One verdict of a file, checked. Whether it fits the campaign is said later."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotate.importing.problems import RowProblem
from annotate.importing.rows.values import checked_list, checked_object, known_fields, named, short_string
from annotate.kinds.base import brief, is_number

LONGEST_NAME = 200
LONGEST_KEY = 40
MOST_REPEATS = 1000
FAILURES = ("abstain", "parse_error", "refusal", "truncated", "provider_error")
FIELDS = (
    *("judge", "item", "question", "keys", "orders", "repeat", "answer", "score", "strength", "status"),
    *("probabilities", "confidence", "gold"),
)
ORDER_FIELDS = ("first", "preferred", "probability")


@dataclass(frozen=True, slots=True)
class Order:
    """A comparison with `first` in the first slot. `s` is P(first slot): 1, ½ or 0 where only a label came."""

    first: str
    s: float
    hard: bool
    preferred: str | None


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """A checked row. `question` is None for the campaign's only pairwise one; `status` is "ok" where it answers."""

    judge: str
    item: str
    question: str | None
    keys: tuple[str, ...] | None
    orders: tuple[Order, ...]
    repeat: int
    answer: Any
    score: float | None
    strength: int | None
    status: str
    probabilities: dict[str, Any] | None
    confidence: float | None
    gold: Any

    @property
    def said_in(self) -> str:
        """The field that holds what the judge said."""
        given = (("orders", self.orders), ("answer", self.answer is not None), ("score", self.score is not None))
        return next((name for name, there in given if there), "status")


def parse_verdict(value: Mapping[str, Any]) -> VerdictRow:
    """Checks a row; an absent field and null are the same. Raises RowProblem naming the field."""
    known_fields(value, FIELDS, "")
    status = value.get("status") or "ok"
    if status not in ("ok", *FAILURES):
        raise RowProblem("status", f"must be ok, {' or '.join(FAILURES)}, not {brief(status)}")
    row = VerdictRow(
        judge=short_string(value.get("judge"), "judge", LONGEST_NAME).strip(),
        item=short_string(value.get("item"), "item", LONGEST_NAME),
        question=None if value.get("question") is None else short_string(value["question"], "question", 80),
        keys=_keys(value.get("keys")),
        orders=_orders(value.get("orders")),
        repeat=_whole(value.get("repeat", 0) or 0, "repeat", 0, MOST_REPEATS),
        answer=value.get("answer"),
        score=_number(value.get("score"), "score"),
        strength=None if value.get("strength") is None else _whole(value["strength"], "strength", 1, 100),
        status=status,
        probabilities=_probabilities(value.get("probabilities")),
        confidence=_share(value.get("confidence"), "confidence"),
        gold=value.get("gold"),
    )
    _check_one_answer(row)
    return row


def _check_one_answer(row: VerdictRow) -> None:
    given = [
        name
        for name, there in (
            ("orders", row.orders),
            ("answer", row.answer is not None),
            ("score", row.score is not None),
        )
        if there
    ]
    if row.status == "ok" and not given:
        raise RowProblem("orders", "give what the judge said: `orders` of a comparison, an `answer` or a `score`")
    if len(given) > 1:
        raise RowProblem(given[1], f"say it once: there is `{given[0]}` already")
    if row.status != "ok" and given not in ([], ["orders"]):
        raise RowProblem(given[0], f"a verdict with the status {row.status} has no answer; leave one of them out")


def _keys(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    keys = tuple(short_string(key, f"keys[{n}]", LONGEST_KEY) for n, key in enumerate(checked_list(value, "keys")))
    if not keys or len(set(keys)) < len(keys):
        raise RowProblem("keys", "must name completions of the item, each once")
    return keys


def _orders(value: Any) -> tuple[Order, ...]:
    orders = [_order(part, f"orders[{n}]") for n, part in enumerate(checked_list(value, "orders"))]
    if len(orders) > 2:
        raise RowProblem("orders", f"a pair has two orders, not {len(orders)}; number repeats by `repeat`")
    if len(orders) == 2 and orders[0].first == orders[1].first:
        raise RowProblem("orders[1].first", f"is {orders[0].first} again: the other completion stands first here")
    return tuple(orders)


def _order(value: Any, field: str) -> Order:
    part = checked_object(value, field)
    known_fields(part, ORDER_FIELDS, field)
    first = short_string(part.get("first"), f"{field}.first", LONGEST_KEY)
    probability = _share(part.get("probability"), f"{field}.probability")
    if probability is None and "preferred" not in part:
        raise RowProblem(f"{field}.preferred", "must be a key, or null for a tie; or give a `probability`")
    preferred = part.get("preferred")
    if preferred is not None and not isinstance(preferred, str):
        raise RowProblem(f"{field}.preferred", f"must be a key, or null for a tie, not {named(preferred)}")
    label = 0.5 if preferred is None else float(preferred == first)
    if probability is None:
        return Order(first, label, True, preferred)
    if preferred is not None and (probability - 0.5) * (label - 0.5) < 0:
        said = f"{probability} for the first slot speaks for the other completion than {preferred}"
        raise RowProblem(f"{field}.probability", f"{said}; it is the probability of the first slot")
    return Order(first, probability, False, preferred)


def _whole(value: Any, field: str, low: int, high: int) -> int:
    if type(value) is int and low <= value <= high:
        return value
    raise RowProblem(field, f"must be a whole number from {low} to {high:,}, not {brief(value)}")


def _number(value: Any, field: str) -> float | None:
    if value is None or (is_number(value) and abs(value) < 1e12):
        return value  # type: ignore[no-any-return]
    raise RowProblem(field, f"must be a number, not {named(value)}")


def _share(value: Any, field: str) -> float | None:
    if value is None or (is_number(value) and 0 <= value <= 1):
        return None if value is None else float(value)
    raise RowProblem(field, f"must be a number from 0 to 1, not {brief(value)}")


def _probabilities(value: Any) -> dict[str, Any] | None:
    """By completion key; for a scale by step within that."""
    if value is None:
        return None
    for key, given in checked_object(value, "probabilities").items():
        inner = given.items() if isinstance(given, Mapping) else [("", given)]
        for step, share in inner:
            _share(-1 if share is None else share, f"probabilities.{key}.{step}".rstrip("."))
    return dict(value)
