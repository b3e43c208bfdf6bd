"""Items from labelled pairs: which completion comes first must not give the label away."""

import hashlib
import json
from itertools import takewhile
from typing import Any

from annotate.importing.mapping.base import Options, Row
from annotate.importing.problems import RowProblem

OPTIONS = {
    "question": "The pairwise question that the label answers; without it the label is metadata only.",
    "annotator": "Who gave the labels (default: dataset).",
}
NO_PROMPT = "is missing, and `chosen` and `rejected` do not begin alike, so that no prompt can be found in them"


def labelled_item(prompt: Any, chosen: Row, rejected: Row, metadata: Row, options: Options) -> Row:
    """The item of a pair. The order follows from a hash of prompt and completion: even, and always the same.

    It does not depend on the label, so that two labels of one pair name one item.
    """
    pair = sorted((chosen, rejected), key=lambda completion: _digest([prompt, completion]))
    key = "a" if pair[0] is chosen else "b"
    item: Row = {
        "prompt": prompt,
        "completions": [{"key": "a", **pair[0]}, {"key": "b", **pair[1]}],
        "metadata": {**metadata, "chosen": key},
    }
    if options.get("question"):
        annotator = options.get("annotator") or "dataset"
        answers = {options["question"]: {"preferred": key}}
        item["annotations"] = [{"annotator": annotator, "kind": "human", "answers": answers}]
    return item


def split_chat(prompt: Any, chosen: list[Row], rejected: list[Row]) -> tuple[Any, Row, Row]:
    """(prompt, chosen, rejected) of conversations: explicit, or the messages both begin with."""
    cut = _shared(chosen, rejected)
    if isinstance(prompt, list):
        repeated = len(prompt) if chosen[: len(prompt)] == prompt == rejected[: len(prompt)] else 0
        return prompt, completion(chosen[repeated:], "chosen"), completion(rejected[repeated:], "rejected")
    if cut:
        prompt = chosen[:cut]
    elif prompt:
        prompt = [{"role": "user", "content": prompt}]
    else:
        raise RowProblem("prompt", NO_PROMPT)
    return prompt, completion(chosen[cut:], "chosen"), completion(rejected[cut:], "rejected")


def split_text(prompt: Any, chosen: str, rejected: str) -> tuple[Any, Row, Row]:
    """(prompt, chosen, rejected) of texts: explicit, or the whole words that both begin with."""
    if prompt:
        return prompt, {"text": chosen}, {"text": rejected}
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(chosen, rejected, strict=False))
    shared = "".join(left for left, _ in alike)
    cut = max(shared.rfind(" "), shared.rfind("\n")) + 1
    if not shared[:cut].strip():
        raise RowProblem("prompt", NO_PROMPT)
    return shared[:cut], {"text": chosen[cut:]}, {"text": rejected[cut:]}


def completion(messages: list[Row], field: str) -> Row:
    """Messages as a completion: one plain message of the assistant is a text."""
    if not messages:
        raise RowProblem(field, "holds the prompt and no answer")
    only = messages[0] if len(messages) == 1 else {}
    if only.get("role") == "assistant" and set(only) == {"role", "content"} and isinstance(only["content"], str):
        return {"text": only["content"]}
    return {"messages": messages}


def _shared(chosen: list[Row], rejected: list[Row]) -> int:
    """How many messages both begin with, leaving each an answer that begins with the assistant."""
    cut = 0
    for left, right in zip(chosen[:-1], rejected[:-1], strict=False):
        if left != right:
            break
        cut += 1
    while cut and "assistant" not in (chosen[cut].get("role"), rejected[cut].get("role")):
        cut -= 1
    return cut


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
