"""Rows as JudgeBench publishes its judges' outputs (github.com/ScalerLab/JudgeBench, `outputs/`, arXiv 2410.12784).

`{"pair_id", "response_A", "response_B", "label", "judge_name", "judgments": [{"judgment", "decision"}, …]}`: the second
judgment has the responses the other way round, and its decision names the slots, "A>B" meaning the first.
"""

from collections.abc import Mapping
from typing import Any

from annotate.importing.problems import RowProblem

SIDES = {"A>B": 0, "B>A": 1, "A=B": None}


def is_judgebench(value: Mapping[str, Any]) -> bool:
    return "pair_id" in value and "judgments" in value


def from_judgebench(value: Mapping[str, Any], texts: Mapping[str, str], with_gold: bool) -> dict[str, Any]:
    """Our row; `texts` are those of the completions of the item whose key is the pair's id. Raises RowProblem.

    A judgment that is missing, or holds no decision, makes the row a failure: nothing is put in its place.
    """
    keys = _keys(value, texts)
    judgments = value["judgments"]
    if not isinstance(judgments, list) or not 1 <= len(judgments) <= 2:
        raise RowProblem("judgments", "must be a list of one or two judgments, one an order")
    orders, status = [], "ok"
    for number, judgment in enumerate(judgments):
        slots = keys if number == 0 else keys[::-1]
        decision = judgment.get("decision") if isinstance(judgment, Mapping) else None
        if decision is None:
            status = "provider_error" if judgment is None else "parse_error"
        elif not isinstance(decision, str) or decision not in SIDES:
            raise RowProblem(f"judgments[{number}].decision", f"must be {' or '.join(SIDES)}, or null")
        else:
            side = SIDES[decision]
            orders.append({"first": slots[0], "preferred": None if side is None else slots[side]})
    row = {"judge": _judge(value), "item": value["pair_id"], "keys": list(keys), "orders": orders, "status": status}
    side = SIDES.get(str(value.get("label")))
    return {**row, "gold": {"preferred": keys[side]}} if with_gold and side is not None else row


def _keys(value: Mapping[str, Any], texts: Mapping[str, str]) -> tuple[str, str]:
    """The keys of response A and response B, by their texts."""
    found = []
    for name in ("response_A", "response_B"):
        key = next((key for key, text in texts.items() if text == value.get(name) and key not in found), None)
        if key is None:
            raise RowProblem(name, f"is no completion of the item {value['pair_id']!r}")
        found.append(key)
    return found[0], found[1]


def _judge(value: Mapping[str, Any]) -> str:
    """The way of judging and the model, as the benchmark's files are named."""
    models = [
        each["judgment"]["judge_model"]
        for each in value["judgments"]
        if isinstance(each, Mapping)
        and isinstance(each.get("judgment"), Mapping)
        and isinstance(each["judgment"].get("judge_model"), str)
    ]
    return " ".join([str(value.get("judge_name") or "judge"), *models[:1]])
