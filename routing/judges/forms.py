"""The form of an answer: what a model is told of it, and the JSON schema that a server holds it to."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from routing.judges.base import Labels, Request, Structured
from routing.judges.remote import Repair, Rung

VERSION = 1  # of the wording below: it is part of what a model is asked
ANSWER, REASONING, VALUE = "answer", "reasoning", "value"
LONGEST_QUOTE = 8000  # characters of a reply that a repair shows again
LONGEST_PROBLEM = 300
OPENING = "The form of your reply, whatever was said above about it:"


def schema_of(want: object, reasoning: bool) -> dict[str, Any] | None:
    """The schema of an answer, always an object; None for free text. Reasoning comes before the label."""
    if isinstance(want, Labels):
        before = {REASONING: {"type": "string"}} if reasoning else {}
        return _object({**before, ANSWER: {"type": "string", "enum": list(want.labels)}})
    if isinstance(want, Structured):
        schema = dict(want.schema)
        return schema if schema.get("type") == "object" else _object({VALUE: schema})
    return None


def unwrapped(want: Structured, value: Any) -> Any:
    """The wanted value out of the object that `schema_of` asked for."""
    if want.schema.get("type") == "object" or not isinstance(value, Mapping):
        return value
    return value.get(VALUE, value)


def strict(schema: Any) -> bool:
    """Whether every object lists what it holds, all of it required: hosted services hold answers to no other schema."""
    if isinstance(schema, list):
        return all(map(strict, schema))
    if not isinstance(schema, Mapping):
        return True
    if schema.get("type") == "object":
        named = schema.get("properties", {})
        if schema.get("additionalProperties") is not False or set(schema.get("required", ())) != set(named):
            return False
    return all(map(strict, schema.values()))


def messages(request: Request, rung: Rung, reasoning: bool, repair: Repair | None) -> list[dict[str, str]]:
    """The request's messages, told the form of the answer at the end; a repair adds what came and what was wrong."""
    *before, last = (dict(message) for message in request.messages)
    form = instruction(request.want, rung, reasoning)
    told = {**last, "content": "\n\n".join(part for part in (last["content"], form) if part)}
    if repair is None:
        return [*before, told]
    again = f"That reply could not be used: {repair.problem[:LONGEST_PROBLEM]}.\nReply again, in full. {form}".strip()
    if not repair.text.strip():  # servers refuse an empty turn
        return [*before, {**told, "content": f"{told['content']}\n\nAn earlier reply was empty."}]
    quoted = {"role": "assistant", "content": repair.text[:LONGEST_QUOTE]}
    return [*before, told, quoted, {"role": "user", "content": again}]


def instruction(want: object, rung: Rung, reasoning: bool) -> str:
    """What a model is told about the form of its answer on a rung; empty where that goes without saying."""
    if isinstance(want, Labels):
        return _label_instruction(want.labels, rung, reasoning)
    if isinstance(want, Structured):
        schema = json.dumps(schema_of(want, reasoning), ensure_ascii=False)
        return f"{OPENING} one JSON object, and nothing around it, that fits this JSON schema:\n{schema}"
    return ""


def _label_instruction(labels: Sequence[str], rung: Rung, reasoning: bool) -> str:
    listed = ", ".join(labels)
    if rung == "logprobs":
        return f"{OPENING} one of these alone: {listed}"
    if rung == "text":
        first = "first your reasoning in a few sentences, then a last line" if reasoning else "one line"
        return f"{OPENING} {first} that begins with “Answer:” and goes on with exactly one of these: {listed}"
    first = f'"{REASONING}", your reasoning in a few sentences, then ' if reasoning else ""
    return f'{OPENING} a JSON object with {first}"{ANSWER}", exactly one of these texts: {listed}'


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
