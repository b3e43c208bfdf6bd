"""What PostgreSQL cannot keep in text and JSON."""

from typing import Any

from annotate.importing.problems import RowProblem

DEEPEST = 100


def unstorable(value: Any) -> RowProblem | None:
    """The first part of a JSON-able value that PostgreSQL cannot keep, or None.

    These are NUL characters and lone surrogates in strings and names, NaN and infinities, and nesting so deep
    that JSON encoders give up. The fast pass finds whether there is one, the slow one where.
    """
    return None if _clean(value) else _locate(value, "", 0)


def _clean(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST + 1):
        if not level:
            return True
        below: list[Any] = []
        for part in level:
            kind = type(part)
            if kind is str:
                if _wrong_text(part):
                    return False
            elif kind is dict:
                if any(map(_wrong_text, part)):
                    return False
                below.extend(part.values())
            elif kind is list:
                below.extend(part)
            elif kind is float and part - part != 0:
                return False
        level = below
    return not level


def _wrong_text(text: str) -> str | None:
    if "\0" in text:
        return "a NUL character"
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return "half of a surrogate pair"
    return None


def _locate(value: Any, path: str, depth: int) -> RowProblem | None:
    if depth > DEEPEST:
        return RowProblem(path, f"is nested more than {DEEPEST} levels deep; flatten it")
    if isinstance(value, str):
        wrong = _wrong_text(value)
        return RowProblem(path, f"contains {wrong}; remove it, the database cannot store it") if wrong else None
    if isinstance(value, float) and value - value != 0:
        return RowProblem(path, f"is {value}, which is not a number in JSON; use null or a finite number")
    if isinstance(value, dict):
        for name, part in value.items():
            wrong = _wrong_text(name)
            if wrong:
                shown = name.replace("\0", "\\0").encode("ascii", "backslashreplace").decode()
                return RowProblem(path, f"has a field named {shown!r}, which contains {wrong}; rename it")
            found = _locate(part, f"{path}.{name}" if path else name, depth + 1)
            if found:
                return found
    if isinstance(value, list):
        for index, part in enumerate(value):
            found = _locate(part, f"{path}[{index}]", depth + 1)
            if found:
                return found
    return None
