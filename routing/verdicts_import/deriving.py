"""What an imported row amounts to: the same figures and the same rules as for our own judges' replies."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.importing.problems import RowProblem
from annotate.kinds.base import brief
from routing.protocols import QuestionSpec, Verdict
from routing.protocols.both_orders import Comparison, by_label, by_probability, decide, logit, strength
from routing.verdicts_import.rows import Order, VerdictRow

ELSEWHERE = "made_elsewhere"


def derived(row: VerdictRow, question: QuestionSpec, keys: Sequence[str]) -> Verdict:
    """The verdict of a row about the completions `keys`, in the item's order. Raises RowProblem."""
    if row.orders and question.kind != "pairwise":
        raise RowProblem("orders", f"{question.name} is a {question.kind} question: give an `answer`, or a `score`")
    details: dict[str, Any] = {ELSEWHERE: True}
    if row.status != "ok":
        figures = _compared(row.orders, keys).figures if row.orders else {}
        return Verdict(row.status, details=details | figures)  # type: ignore[arg-type]
    if not row.orders:
        return Verdict("ok", _answer(row, question, keys), row.probabilities, details, row.confidence)
    found = _compared(row.orders, keys)
    details |= found.figures
    probabilities = None if found.p is None else {keys[0]: found.p, keys[1]: 1 - found.p}
    confidence = row.confidence if found.p is None else max(found.p, 1 - found.p)
    side = decide(found, bool(question.config.get("allow_tie", True)))
    if side is None:
        return Verdict("abstain", None, probabilities, details, confidence)
    answer: dict[str, Any] = {"preferred": {1: keys[0], -1: keys[1]}.get(side)}
    if side and (steps := len(question.config.get("strengths") or ())):
        answer["strength"] = _strength(row, found, steps)
    return Verdict("ok", answer, probabilities, details, confidence)


def _compared(orders: Sequence[Order], keys: Sequence[str]) -> Comparison:
    """The comparison of keys[0] with keys[1], from one order or both."""
    if len(keys) != 2:
        raise RowProblem("keys", f"a comparison is of two completions, not {len(keys)}: name them")
    by_first = {order.first: order for order in orders}
    if unknown := [first for first in by_first if first not in keys]:
        raise RowProblem("orders", f"{unknown[0]!r} is not among the keys {' and '.join(keys)}")
    for number, order in enumerate(orders):
        if order.preferred not in (None, *keys):
            known = f"must be {keys[0]!r}, {keys[1]!r}, or null for a tie, not {brief(order.preferred)}"
            raise RowProblem(f"orders[{number}].preferred", known)
    first, second = by_first.get(keys[0]), by_first.get(keys[1])
    if first and second:
        if first.hard or second.hard:
            return by_label(_label(first), _label(second))
        return by_probability(first.s, second.s)
    return _one_order(first, second)


def _one_order(first: Order | None, second: Order | None) -> Comparison:
    """One order has no flip, and its slot bias cannot be told from a preference."""
    only = first or second
    assert only is not None
    turn = 1 if first else -1
    sign = turn * ((only.s > 0.5) - (only.s < 0.5))
    figures: dict[str, Any] = {"s1" if first else "s2": only.s, "one_order": True}
    if only.hard:
        return Comparison(sign, None, None, figures | {"hard": True})
    d = turn * logit(only.s)
    return Comparison(sign, only.s if first else 1 - only.s, d, figures | {"d": d})


def _label(order: Order) -> float:
    """Where one order has only a label, both are taken as labels."""
    return 0.5 if order.s == 0.5 else float(order.s > 0.5)


def _strength(row: VerdictRow, found: Comparison, steps: int) -> int:
    if row.strength is not None:
        return row.strength
    if found.d is None:
        raise RowProblem("strength", f"the question asks how much better: give a step from 1 to {steps}")
    return strength(found.d, steps)


def _answer(row: VerdictRow, question: QuestionSpec, keys: Sequence[str]) -> Any:
    if row.score is None:
        return row.answer
    if question.kind != "rating":
        raise RowProblem("score", f"{question.name} is a {question.kind} question: give an `answer`")
    if len(keys) != 1:
        raise RowProblem("keys", "say which completion has the score, or give an `answer` with all of them")
    return {keys[0]: row.score}


def remarks(row: VerdictRow) -> list[RowProblem]:
    """What somebody should know about a row that goes in."""
    found = []
    if len(row.orders) == 1:
        told = "only one order: whether the judge goes by the slot cannot be told, and it counts in no flip rate"
        found.append(RowProblem("orders", told))
    if len({order.hard for order in row.orders}) == 2:
        found.append(RowProblem("orders", "only one order has a probability: both are taken as labels"))
    return found


def same(held: Mapping[str, Any], verdict: Verdict) -> bool:
    """Whether a stored verdict {status, answer, probabilities, details} says what a row says."""
    wanted = {
        "status": verdict.status,
        "answer": verdict.answer,
        "probabilities": verdict.probabilities,
        "details": verdict.details,
    }
    return all(held[name] == value for name, value in wanted.items())
