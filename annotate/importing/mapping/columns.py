"""The generic mapping: the user says which column plays which part."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from annotate.errors import Invalid
from annotate.importing.mapping.base import Options, Row, RowMapping, Sample
from annotate.importing.mapping.fields import as_text, decoded, is_messages, rest, text_or_chat
from annotate.importing.mapping.names import Table
from annotate.importing.mapping.roles import guess_roles
from annotate.importing.problems import RowProblem

ANSWERS = ("text", "response", "content", "output", "completion", "answer")
ROLES = ("prompt", "completions", "models", "context", "reference", "key", "metadata")


class Columns(RowMapping):
    name = "columns"
    title = "Columns of your choice"
    describe = "You say which column is the prompt and which ones are the completions."
    options = {
        "prompt": "The column of the prompt, or several that are joined by blank lines.",
        "completions": "The columns of the completions, or one column that holds a list of them.",
        "models": "The columns that name the models, one for each completion, or one with a list.",
        "context": "The column of the context.",
        "reference": "The column of a reference answer.",
        "key": "The column of a key that is unique in the file.",
        "metadata": "The columns to keep as metadata (default: all others).",
        "skip_empty": "Whether an empty completion means that there is none (default: no).",
    }

    def matches(self, columns: Sequence[str], sample: Sample) -> float:
        return guess_roles(Table(columns, sample))[1]

    def guess(self, columns: Sequence[str], sample: Sample) -> Row:
        return guess_roles(Table(columns, sample))[0]

    def check(self, options: Options, columns: Sequence[str]) -> None:
        super().check(options, columns)
        for role in ("prompt", "completions"):
            if not _listed(options, role):
                raise Invalid(f"say which column holds the {role}", {role: f"one of {', '.join(columns)}"})
        for role in ROLES:
            for column in _listed(options, role):
                if column not in columns:
                    near = difflib.get_close_matches(column, columns, n=1)
                    hint = f"did you mean {near[0]!r}?" if near else f"the columns are {', '.join(columns)}"
                    raise Invalid(f"the file has no column {column!r}; {hint}", {role: hint})

    def row(self, value: Mapping[str, Any], options: Options) -> Row:
        row: Row = {"prompt": _prompt(value, _listed(options, "prompt"))}
        row["completions"] = _completions(value, options)
        for role in ("context", "reference", "key"):
            text = as_text(value.get(options.get(role) or ""))
            if text:
                row[role] = text
        used = {column for role in ROLES for column in _listed(options, role)}
        kept = options.get("metadata")
        metadata = rest(value, used) if kept is None else {name: value.get(name) for name in kept}
        return row | ({"metadata": metadata} if metadata else {})


def _listed(options: Options, role: str) -> list[str]:
    columns = options.get(role) or []
    return [columns] if isinstance(columns, str) else list(columns)


def _prompt(value: Mapping[str, Any], columns: list[str]) -> Any:
    if len(columns) == 1:
        prompt = text_or_chat(value.get(columns[0]))
        return prompt if is_messages(prompt) else as_text(prompt)
    return "\n\n".join(filter(None, (as_text(value.get(column)) for column in columns)))


def _completions(value: Mapping[str, Any], options: Options) -> list[Row]:
    columns, models = _listed(options, "completions"), _spread(value, _listed(options, "models"))
    parts = _spread(value, columns)
    rows = []
    for index, part in enumerate(parts):
        if part is None or (options.get("skip_empty") and part == ""):
            continue
        row = _completion(part, columns[min(index, len(columns) - 1)])
        if index < len(models) and models[index] not in (None, ""):
            row["model"] = as_text(models[index])
        rows.append(row)
    if not rows:
        raise RowProblem(columns[0] if columns else "completions", "holds no completion")
    return rows


def _spread(value: Mapping[str, Any], columns: list[str]) -> list[Any]:
    """The values of the columns; those of the list where it is one column with a list."""
    if len(columns) == 1:
        only = decoded(value.get(columns[0]))
        if isinstance(only, list) and not is_messages(only):
            return only
    return [value.get(column) for column in columns]


def _completion(part: Any, column: str) -> Row:
    found = text_or_chat(part)
    if is_messages(found):
        return {"messages": found}
    if not isinstance(found, dict):
        return {"text": as_text(found)}
    if is_messages(found.get("messages")):
        text: Row = {"messages": found["messages"]}
        used = {"messages", "model"}
    else:
        name = next((name for name in ANSWERS if isinstance(found.get(name), str)), None)
        if name is None:
            raise RowProblem(column, f"holds a completion without any of the fields {', '.join(ANSWERS)}")
        text, used = {"text": found[name]}, {name, "model"}
    model = {"model": as_text(found["model"])} if found.get("model") else {}
    metadata = rest(found, used)
    return text | model | ({"metadata": metadata} if metadata else {})
