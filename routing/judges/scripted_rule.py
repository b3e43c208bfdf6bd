"""The rules that the provider `scripted` judges by, and the JSON and text that it makes of them."""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

RULES = ("longer", "shorter", "first", "hash")
MIDDLE_LENGTH = 50  # words; a response of this length gets the middle of a scale
MOST_MARKS = 2
WORDS_QUOTED = 3


class Rule:
    """A rule with a seed. Everything here depends on them and on the texts given, and on nothing else."""

    def __init__(self, name: str, seed: str) -> None:
        self.name, self.seed = name, seed

    def weight(self, slot: int, text: str) -> float:
        """How much speaks for a text beside others, above 0."""
        words = len(text.split()) + 1
        match self.name:
            case "longer":
                return float(words)
            case "shorter":
                return 1 / words
            case "first":
                return 9.0 if slot == 0 else 1.0
        return self.fraction("text", text) + 1e-6

    def level(self, text: str) -> float:
        """Where on a scale from 0 to 1 the rule puts `text` alone."""
        words = len(text.split())
        match self.name:
            case "longer":
                return words / (words + MIDDLE_LENGTH)
            case "shorter":
                return MIDDLE_LENGTH / (words + MIDDLE_LENGTH)
            case "first":
                return 0.0
        return self.fraction("text", text)

    def fraction(self, *parts: str) -> float:
        """A number in [0, 1) that depends on the seed and `parts` alone."""
        digest = hashlib.sha256("\0".join((self.seed, *parts)).encode()).digest()
        return int.from_bytes(digest[:6], "big") / 2**48

    def reasons(self, texts: Sequence[str]) -> str:
        """What the rule has to say of the texts, in words."""
        counted = [f"text {n} has {len(text.split())} words" for n, text in enumerate(texts, start=1)]
        return f"By the rule “{self.name}”: {', '.join(counted) or 'there is no text'}."

    def fill(self, schema: Mapping[str, Any], texts: Sequence[str], name: str = "") -> Any:
        """JSON that fits the schema. An object with a property for each text is filled from that text alone; a list
        that names each of them is their order, best first; `quote` is a piece of the text."""
        if "enum" in schema:
            return self._step(schema["enum"], texts)
        match schema["type"]:
            case "object":
                return self._object(schema["properties"], texts)
            case "array":
                return self._array(schema, texts)
            case "string":
                return self._string(schema, texts, name)
            case "boolean":
                return self.level("\n".join(texts)) >= 0.5
        return self._number(schema, texts, name)

    def _step(self, steps: Sequence[Any], texts: Sequence[str]) -> Any:
        return steps[min(len(steps) - 1, int(self.level("\n".join(texts)) * len(steps)))]

    def _object(self, properties: Mapping[str, Any], texts: Sequence[str]) -> dict[str, Any]:
        parted = len(texts) == len(properties) and all(each.get("type") == "object" for each in properties.values())
        shares = [[text] for text in texts] if parted else [texts] * len(properties)
        pairs = zip(properties.items(), shares, strict=True)
        return {name: self.fill(each, share, name) for (name, each), share in pairs}

    def _array(self, schema: Mapping[str, Any], texts: Sequence[str]) -> list[Any]:
        names, least = schema["items"].get("enum"), schema.get("minItems", 0)
        if names and least == len(names):
            beside = texts if len(texts) == least else [str(name) for name in names]
            return [names[slot] for slot in sorted(range(least), key=lambda n: -self.weight(n, beside[n]))]
        if names:
            chosen = self._step(names, texts)
            return [name for name in names if name == chosen or self.fraction("pick", str(name), *texts) < 0.25]
        count = max(least, round(self.fraction("count", *texts) * MOST_MARKS))
        return [self.fill(schema["items"], [*texts, *[""] * n]) for n in range(count)]

    def _string(self, schema: Mapping[str, Any], texts: Sequence[str], name: str) -> str:
        text = self._quote(texts) if name == "quote" else self.reasons(texts)
        least, most = int(schema.get("minLength", 0)), int(schema.get("maxLength", len(text)))
        return text.ljust(least, ".")[: max(least, most)]

    def _quote(self, texts: Sequence[str]) -> str:
        text = max(texts, key=len, default="")
        words = list(re.finditer(r"\S+", text))
        if not words:
            return ""
        first = int(self.fraction("quote", *texts) * len(words))
        last = min(first + WORDS_QUOTED, len(words)) - 1
        return text[words[first].start() : words[last].end()]

    def _number(self, schema: Mapping[str, Any], texts: Sequence[str], name: str) -> float:
        low, high = float(schema.get("minimum", 0)), float(schema.get("maximum", 100))
        if name == "occurrence":
            return int(low)
        value = low + self.level("\n".join(texts)) * (high - low)
        return math.floor(value) if schema["type"] == "integer" else value
