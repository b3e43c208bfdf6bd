"""What helped an annotator: reading aids that he used, and judges' suggestions that he was shown."""

from collections.abc import Mapping
from typing import Any

from annotate.checking import check_storable
from annotate.errors import Invalid

SUGGESTIONS = "suggestions"
KNOWN = (SUGGESTIONS, "differences", "layout", "sync", "rendering", "pasted")
LONGEST_WORD, LONGEST_NAME = 40, 80
MOST_COUNTED = 1_000_000
MOST_ENTRIES = 50

Aids = dict[str, Any]


def clean_aids(value: Any) -> Aids:
    """The aids that a page or a client reports: counts, yes or no, and short words by name. Raises `Invalid`.

    Of suggestions it says only which were copied, `{"used": [question, …]}`: what was shown and when is known here.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Invalid("aids must be an object", {"aids": f"an object of {', '.join(KNOWN)}"})
    if any(name not in KNOWN for name in value):
        raise Invalid(f"aids are {', '.join(KNOWN)}", {"aids": f"some of {', '.join(KNOWN)}"})
    check_storable(value, "aids")
    clean = {name: _clean_aid(f"aids.{name}", aid) for name, aid in value.items() if name != SUGGESTIONS}
    if SUGGESTIONS in value:
        clean[SUGGESTIONS] = _clean_used(value[SUGGESTIONS])
    return clean


def _clean_aid(field: str, value: Any) -> Any:
    if isinstance(value, Mapping) and len(value) <= MOST_ENTRIES and all(len(name) <= LONGEST_WORD for name in value):
        return {name: _clean_scalar(f"{field}.{name}", one) for name, one in value.items()}
    return _clean_scalar(field, value)


def _clean_scalar(field: str, value: Any) -> Any:
    is_count = isinstance(value, int | float) and 0 <= value <= MOST_COUNTED
    if is_count or (isinstance(value, str) and len(value) <= LONGEST_WORD):
        return value
    wanted = f"a count up to {MOST_COUNTED:,}, true or false, or a word of at most {LONGEST_WORD} characters"
    raise Invalid(f"{field} must be {wanted}", {field: wanted})


def _clean_used(value: Any) -> dict[str, list[str]]:
    used = value.get("used", []) if isinstance(value, Mapping) and set(value) <= {"used"} else None
    names = used if isinstance(used, list) and len(used) <= MOST_ENTRIES else [None]
    if all(isinstance(name, str) and len(name) <= LONGEST_NAME for name in names):
        return {"used": list(dict.fromkeys(names))}
    wanted = '{"used": [names of questions]}'
    raise Invalid(f"aids.suggestions must be {wanted}", {"aids.suggestions": wanted})


def joined(kept: Aids | None, sent: Aids, answers: Mapping[str, Any]) -> Aids | None:
    """What is stored beside the answers: `sent` over `kept`, and what became of the suggestions that were shown.

    Counts add up: each sending tells what was used since the last.
    """
    suggested = (kept or {}).get(SUGGESTIONS)
    together = _added(kept or {}, sent)
    together.pop(SUGGESTIONS, None)
    if suggested:
        used = [*suggested.get("used", ()), *sent.get(SUGGESTIONS, {}).get("used", ())]
        together[SUGGESTIONS] = {
            **suggested,
            "used": [name for name in dict.fromkeys(used) if name in suggested["shown"]],
            "result": _results(suggested, answers),
        }
    return together or None


def _added(kept: Mapping[str, Any], sent: Mapping[str, Any]) -> Aids:
    return {**kept, **{name: _sum(kept.get(name), value) for name, value in sent.items()}}


def _sum(kept: Any, sent: Any) -> Any:
    if isinstance(kept, Mapping) and isinstance(sent, Mapping):
        return _added(kept, sent)
    if _is_count(kept) and _is_count(sent):
        return min(kept + sent, MOST_COUNTED)
    return sent


def _is_count(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _results(suggested: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, str]:
    first = suggested["first"]
    return {
        name: _result(shown["answer"], (first or {}).get(name), answers.get(name), first is not None)
        for name, shown in suggested["shown"].items()
    }


def _result(suggestion: Any, first: Any, final: Any, independent: bool) -> str:
    """`agreed` before it was seen, `adopted` it, `kept` another answer, `changed` to a third."""
    if final == suggestion:
        return "agreed" if independent and first == suggestion else "adopted"
    return "kept" if independent and first == final else "changed"
