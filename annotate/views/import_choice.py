"""What the confirm page lets the user choose, read from its form and shown as fields."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import QueryDict

from annotate.importing.choosing import Candidate, Check, Tried, main_of, tried
from annotate.importing.mapping import RowMapping, mapping, mappings
from annotate.views.fields import Field

SEVERAL = ("prompt", "completions", "models")
ONE = ("context", "reference", "key")
LONGEST_LABEL = 60
LABEL_LIKE = re.compile(
    r"(?:^|[\W_])(?:label|rating|score|rank|prefer|preference|chosen|winner|vote|verdict|judg(?:e)?ment|feedback"
    r"|annotat\w*|span|error|likert|quality|correct\w*)s?(?:$|[\W_\d])",
    re.IGNORECASE,
)
"""Names of columns that hold what somebody judged."""
ANSWERED_KIND = {
    "rating": "rating",
    "preference": "pairwise",
    "question": "pairwise",
    "spans": "span",
    "correction": "text",
    "reason": "text",
}
"""Options of mappings that name a question of the campaign, and the kind it must be of."""
Named = Sequence[tuple[str, str]]
"""Name and kind of the campaign's questions."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The files, what was chosen for them, and what comes of it."""

    candidates: Sequence[Candidate]
    main: int
    mapping: RowMapping
    options: Mapping[str, Any]
    companions: Mapping[str, int]
    questions: Named
    tried: Tried

    @property
    def file(self) -> Candidate:
        return self.candidates[self.main]

    @property
    def paths(self) -> dict[str, Path]:
        """The companion files by their part."""
        return {name: self.candidates[index].path for name, index in self.companions.items()}

    @property
    def used(self) -> list[Candidate]:
        return [self.file, *(self.candidates[index] for index in self.companions.values())]

    @property
    def unused(self) -> list[str]:
        return [one.name for one in self.candidates if one not in self.used]

    @property
    def labels(self) -> list[str]:
        """Columns that look like labels somebody gave, of a file whose columns are read one by one: metadata only."""
        if self.mapping.name != "columns":
            return []
        used = {column for role in (*SEVERAL, *ONE) for column in _listed(self.options.get(role))}
        return [column for column in self.file.source.columns if column not in used and LABEL_LIKE.search(column)]

    @property
    def unsure(self) -> bool:
        """Whether the guess was little more than one."""
        return self.file.guess.mapping == self.mapping.name and self.file.guess.confidence < 0.5


def choose(candidates: Sequence[Candidate], form: QueryDict, questions: Named, check: Check) -> Choice:
    """The choice in the form, with what is guessed where it says nothing. Raises `Invalid` for an unknown mapping."""
    main = _index(form.get("main"), len(candidates))
    main = main_of(candidates, mappings()) if main is None else main
    file = candidates[main]
    moved = form.get("main_was") != str(main)
    chosen = mapping(file.guess.mapping if moved else form.get("mapping") or file.guess.mapping)
    companions = _companions(chosen, main, len(candidates), form)
    same = not moved and form.get("mapping_was") == chosen.name
    options = _read(chosen, form) if same else _guessed(chosen, file, questions)
    paths = {name: candidates[index].path for name, index in companions.items()}
    outcome = tried(file, chosen, options, paths, check)
    return Choice(candidates, main, chosen, options, companions, questions, outcome)


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def _index(value: str | None, count: int) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) < 10 and int(value) < count else None


def _companions(chosen: RowMapping, main: int, count: int, form: QueryDict) -> dict[str, int]:
    """Each companion's file: as the form says, else the next of the others."""
    left = [index for index in range(count) if index != main]
    found: dict[str, int] = {}
    for name in chosen.companions:
        index = _index(form.get(f"c-{name}"), count) if f"c-{name}" in form else (left[0] if left else None)
        if index is not None and index in left:
            left.remove(index)
            found[name] = index
    return found


def _guessed(chosen: RowMapping, file: Candidate, questions: Named) -> dict[str, Any]:
    options = dict(chosen.guess(file.source.columns, file.source.sample_rows))
    for name in ANSWERED_KIND:
        if name in chosen.options and name != "question":
            fitting = _of_kind(questions, name)
            options |= {name: fitting[0]} if fitting else {}
    return options


def _of_kind(questions: Named, option: str) -> list[str]:
    return [name for name, kind in questions if kind == ANSWERED_KIND[option]]


def _read(chosen: RowMapping, form: QueryDict) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for name in chosen.options:
        field = f"o-{name}"
        value: Any = form.getlist(field) if name in SEVERAL else form.get(field, "").strip()
        if chosen.name == "columns" and name == "skip_empty":
            value = bool(value)
        if value:
            options[name] = value
    return options


def fields(choice: Choice) -> dict[str, Any]:
    """The form's fields: `top` (which file, which mapping), `companions`, `options`."""
    files = [(str(index), one.name) for index, one in enumerate(choice.candidates)]
    known = [(one.name, one.title) for one in mappings().values()]
    top = [Field("main", "The file with the items", "select", choice.main, choices=files)] if len(files) > 1 else []
    top.append(Field("mapping", "Read it as", "select", choice.mapping.name, choice.mapping.describe, choices=known))
    others = [("", "none"), *(file for index, file in enumerate(files) if index != choice.main)]
    return {
        "top": top,
        "companions": [
            Field(f"c-{name}", name.capitalize(), "select", choice.companions.get(name, ""), hint, choices=others)
            for name, hint in choice.mapping.companions.items()
        ],
        "options": [_option(choice, name, hint) for name, hint in choice.mapping.options.items() if name != "metadata"],
    }


def _option(choice: Choice, name: str, hint: str) -> Field:
    value, error = choice.options.get(name, ""), choice.tried.fields.get(name, "")
    label, columns = name.replace("_", " ").capitalize(), choice.file.source.columns
    if choice.mapping.name == "columns":
        listed = [(column, _short(column)) for column in columns]
        if name in SEVERAL:
            return Field(f"o-{name}", label, "several", value, hint, error, listed)
        if name in ONE:
            return Field(f"o-{name}", label, "select", value, hint, error, [("", "none"), *listed])
        return Field(f"o-{name}", "An empty completion means that there is none", "flag", value, error=error)
    fitting = _of_kind(choice.questions, name) if name in ANSWERED_KIND else []
    if fitting:
        none = [("", "keep it as metadata only")] if name == "question" else []
        return Field(f"o-{name}", label, "select", value, hint, error, [*none, *((q, q) for q in fitting)])
    return Field(f"o-{name}", label, "text", value, hint, error)


def _short(column: str) -> str:
    return column if len(column) <= LONGEST_LABEL else column[: LONGEST_LABEL - 1] + "…"
