"""The aids of an annotation that comes along: what annotators' pages report, and what was noted of suggestions."""

from collections.abc import Mapping
from typing import Any

from annotate.aids import LONGEST_NAME, SUGGESTIONS, clean_aids
from annotate.errors import Invalid
from annotate.importing.problems import RowProblem
from annotate.importing.rows.values import checked_object, known_fields, optional, short_string

NOTED = ("when", "at", "first", "shown", "used", "result")
SHOWN = ("judge", "annotation", "revision", "answer")
RESULTS = ("agreed", "adopted", "kept", "changed")
LONGEST_JUDGE = 200


def parse_aids(value: Any, field: str) -> dict[str, Any]:
    """Checked aids. Of a suggestion the id of the judge's annotation is dropped: here it would name another one."""
    given = checked_object(value, field)
    try:
        aids = clean_aids({name: part for name, part in given.items() if name != SUGGESTIONS})
    except Invalid as error:
        raise RowProblem(field, error.message) from error
    if given.get(SUGGESTIONS) is not None:
        aids[SUGGESTIONS] = _suggestions(given[SUGGESTIONS], f"{field}.{SUGGESTIONS}")
    return aids


def _suggestions(value: Any, field: str) -> dict[str, Any]:
    noted = checked_object(value, field)
    known_fields(noted, NOTED, field)
    if noted.get("when") not in ("before", "after"):
        raise RowProblem(f"{field}.when", 'must be "before" or "after" the annotator\'s own answer')
    shown = _by_question(noted.get("shown"), f"{field}.shown")
    kept = {
        "when": noted["when"],
        "at": short_string(noted.get("at"), f"{field}.at", LONGEST_NAME),
        "first": optional(noted.get("first"), f"{field}.first", _by_question),
        "shown": {name: _suggestion(one, f"{field}.shown.{name}") for name, one in shown.items()},
    }
    if "used" in noted:
        used = noted["used"]
        if not isinstance(used, list) or not all(isinstance(name, str) and name in shown for name in used):
            raise RowProblem(f"{field}.used", "must be a list of questions for which a suggestion was shown")
        kept["used"] = list(dict.fromkeys(used))
    if "result" in noted:
        kept["result"] = results = _by_question(noted["result"], f"{field}.result")
        if not all(name in shown and one in RESULTS for name, one in results.items()):
            raise RowProblem(f"{field}.result", f"must map questions that were shown to {', '.join(RESULTS)}")
    return kept


def _by_question(value: Any, field: str) -> dict[str, Any]:
    found = checked_object(value, field)
    if any(len(name) > LONGEST_NAME for name in found):
        raise RowProblem(field, f"must map names of questions, which have at most {LONGEST_NAME} characters")
    return found


def _suggestion(value: Any, field: str) -> dict[str, Any]:
    one: Mapping[str, Any] = checked_object(value, field)
    known_fields(one, SHOWN, field)
    if one.get("answer") is None:
        raise RowProblem(f"{field}.answer", "must be the answer that was suggested")
    if type(one.get("revision", 1)) is not int:
        raise RowProblem(f"{field}.revision", "must be a whole number")
    short_string(one.get("judge"), f"{field}.judge", LONGEST_JUDGE)
    return {name: part for name, part in one.items() if name != "annotation"}
