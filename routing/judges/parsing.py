"""JSON in what a model wrote: found, read strictly, and held against a schema."""

import json
import math
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from routing.judges.texts import storable

FENCE = re.compile(r"```[^\S\n]*(?:json|JSON)?[^\S\n]*\n(.*?)```", re.DOTALL)
THOUGHT = re.compile(r"<(/?)(?:think|thinking|reasoning)>", re.IGNORECASE)
MOST_CHARACTERS = 200_000
LONG_LINE = 40  # characters; nobody says so long a line again by chance
LONGEST = 200  # characters of a problem
DECODER_STARTS = 500  # places at which an object is looked for
MOST_LEVELS = 50  # of an object; what goes deeper is no answer, and walking it could run out of stack


class NotReadable(ValueError):
    """What the model wrote does not hold what was wanted; the message says what is wrong."""


def spoken(text: str) -> str:
    """What the model says after its thoughts. Raises NotReadable where it never came out of them."""
    if len(text) > MOST_CHARACTERS:
        raise NotReadable(f"it is longer than {MOST_CHARACTERS} characters")
    tags = list(THOUGHT.finditer(text))
    if tags and not tags[-1][1]:
        raise NotReadable("the reasoning has no end, so there is no answer after it")
    return (text[tags[-1].end() :] if tags else text).strip()


def without_echo(text: str, prompt: str) -> str:
    """The text without lines that only repeat the prompt: long ones, and those that follow each other there as here.

    What a judged text says is no verdict when a weak model says it after. A short line of its own stays the model's,
    whatever stands in the prompt.
    """
    lines, asked = ([line for line in each.splitlines() if line.strip()] for each in (text, prompt))
    bare = [line.strip() for line in lines]
    known = {line.strip() for line in asked}
    following = set(pairwise(line.strip() for line in asked))
    repeated = {n for n, line in enumerate(bare) if len(line) >= LONG_LINE and line in known}
    for n, pair in enumerate(pairwise(bare)):
        repeated |= {n, n + 1} if pair in following else set()
    return text if not repeated else "\n".join(line for n, line in enumerate(lines) if n not in repeated)


def read_object(text: str, schema: Mapping[str, Any], prompt: str = "") -> dict[str, Any]:
    """The JSON object of the schema that the text holds (see `objects`); several must be equal."""
    found = objects(text, prompt)
    if not found:
        raise NotReadable("it holds no JSON object" if text else "it is empty")
    fitting = [value for value in found if Draft202012Validator(schema).is_valid(value)]
    if not fitting:
        raise NotReadable(problem(found[-1], schema))
    if any(other != fitting[0] for other in fitting):
        raise NotReadable("it holds several JSON objects that differ")
    return fitting[0]


def objects(text: str, prompt: str = "") -> list[dict[str, Any]]:
    """The JSON objects that a text says: the whole of it, else those in fences and those alone on their lines.

    One amid a sentence is only quoted, and so is one that stands in the prompt, unless it is the whole of the text.
    """
    whole = _loaded(text)
    if whole is not None:
        return [whole]
    rest = FENCE.sub("\n", text)
    found = [(block, value) for block in FENCE.findall(text) if (value := _loaded(block)) is not None]
    found += [(rest[start:end], value) for start, end, value in _spans(rest) if _alone(rest, start, end)]
    asked = squeezed(prompt)
    return [value for written, value in found if squeezed(written) not in asked]


def objects_amid(text: str) -> list[dict[str, Any]]:
    """The JSON objects that stand amid a sentence."""
    rest = FENCE.sub("\n", text)
    return [value for start, end, value in _spans(rest) if not _alone(rest, start, end)]


def without_objects(text: str) -> str:
    """The text without its fences and the JSON objects that are alone on their lines: what is said beside them."""
    if _loaded(text) is not None:
        return ""
    rest = FENCE.sub("\n", text)
    for start, end, _ in reversed(_spans(rest)):
        if _alone(rest, start, end):
            rest = rest[:start] + "\n" + rest[end:]
    return rest


def problem(value: Any, schema: Mapping[str, Any]) -> str:
    """Where the value is off the schema, and how."""
    error = best_match(Draft202012Validator(schema).iter_errors(value))
    if error is None:
        return ""
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path).lstrip(".")
    return f"{place or 'the object'}: {error.message}"[:LONGEST]


def squeezed(text: str) -> str:
    """The text without its spaces: JSON is the same however it is spaced."""
    return "".join(text.split())


def _alone(text: str, start: int, end: int) -> bool:
    """Whether nothing else stands on the lines of this part."""
    line_ends = text.find("\n", end)
    after = text[end : line_ends if line_ends >= 0 else len(text)]
    return not text[text.rfind("\n", 0, start) + 1 : start].strip() and not after.strip()


def _spans(text: str) -> list[tuple[int, int, dict[str, Any]]]:
    found, at, decoder = [], 0, json.JSONDecoder(object_pairs_hook=_once, parse_constant=_refused)
    for _ in range(DECODER_STARTS):
        start = text.find("{", at)
        if start < 0:
            break
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError) as error:
            if isinstance(error, NotReadable):
                raise
            at = start + 1
            continue
        found.append((start, end, kept(value)))
        at = end
    return found


def _loaded(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_refused, parse_float=_finite)
    except NotReadable:
        raise
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    fit: dict[str, Any] = kept(value)
    return fit


def kept(value: Any) -> Any:
    """The JSON value as it can be stored. Raises NotReadable for one so deep that walking it could run out of stack."""
    level = [value]
    for _ in range(MOST_LEVELS + 1):
        held = [part.values() if isinstance(part, dict) else part for part in level if isinstance(part, dict | list)]
        if not held:
            return storable(value)
        level = [part for parts in held for part in parts]
    raise NotReadable(f"its JSON is nested more than {MOST_LEVELS} levels deep")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name given twice with different values would have the last one win."""
    value: dict[str, Any] = {}
    for name, given in pairs:
        if name in value and value[name] != given:
            raise NotReadable(f"it gives {name!r} twice, with different values"[:LONGEST])
        value[name] = given
    return value


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise NotReadable(f"it holds the number {text[:40]}")
    return number


def _refused(name: str) -> None:
    raise NotReadable(f"it holds {name}, which is no JSON number")
