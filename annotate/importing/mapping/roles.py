"""The options of the `columns` mapping, guessed for a file."""

from typing import Any

from annotate.importing.mapping.names import (
    COMPLETIONS,
    CONTEXTS,
    KEYS,
    MODELS,
    PROMPTS,
    REFERENCES,
    Table,
    completion_family,
    model_family,
    words,
)

LISTS = [*(f"{name}s" for name in COMPLETIONS), "summaries", "stories", "replies", "choices", "samples"]
SURE, HALF_SURE, UNSURE = 0.7, 0.4, 0.2


def guess_roles(table: Table) -> tuple[dict[str, Any], float]:
    """(options, confidence). The confidence is 0 where no column can be the prompt or the completions."""
    completions, known = _completions(table)
    prompt, named = _prompt(table, completions)
    if not completions and prompt:
        only = table.longest(but=prompt)
        completions = [only] if only else []
    if not (prompt and completions):
        return {"prompt": prompt, "completions": completions}, 0
    used = [*prompt, *completions]
    options: dict[str, Any] = {
        "prompt": prompt[0] if len(prompt) == 1 else prompt,
        "completions": completions,
    }
    options |= _models(table, completions, used)
    for role, names in (("context", CONTEXTS), ("reference", REFERENCES)):
        column = table.named(names, but=used)
        if column:
            options[role] = column
            used.append(column)
    key = table.named(KEYS, but=used)
    if key and _distinct(table, key):
        options["key"] = key
    if len(completions) > 2 and any(row.get(column) in (None, "") for row in table.sample for column in completions):
        options["skip_empty"] = True
    return options, SURE if known and named else HALF_SURE if known or named else UNSURE


def _completions(table: Table) -> tuple[list[str], bool]:
    """(columns, whether their names tell)."""
    family = completion_family(table)
    if family:
        return family, True
    lists = [column for column in table.columns if table.holds_lists(column)]
    several = table.named(LISTS, but=set(table.columns) - set(lists))
    if several:
        return [several], True
    single = table.named(COMPLETIONS, but=lists)
    return ([single], True) if single and table.length(single) else ([], False)


def _prompt(table: Table, completions: list[str]) -> tuple[list[str], bool]:
    instruction = table.named(["instruction"], but=completions)
    given = table.named(["input"], but=completions)
    if instruction and given:
        return [instruction, given], True
    named = table.named(PROMPTS, but=completions)
    if named is None:
        left = [column for column in table.columns if column not in completions and table.length(column)]
        named = next((column for column in left if words(column) & set(PROMPTS)), None)
    if named:
        return [named], True
    longest = table.longest(but=completions)
    return ([longest] if longest else []), False


def _models(table: Table, completions: list[str], used: list[str]) -> dict[str, list[str]]:
    models = model_family(table, len(completions), used)
    if not models and len(completions) == 1:
        column = table.named(MODELS, but=used)
        models = [column] if column else []
    used.extend(models)
    return {"models": models} if models else {}


def _distinct(table: Table, column: str) -> bool:
    values = [str(row.get(column)) for row in table.sample if row.get(column) not in (None, "")]
    return len(values) == len(table.sample) == len(set(values))
