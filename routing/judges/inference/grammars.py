"""JSON schemas as grammars that say which tokens may come next (llguidance)."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from routing.judges.registry import ConfigError

if TYPE_CHECKING:
    from llguidance._lib import JsonCompileOptions

# JSON as models write it. What no grammar can say (uniqueItems) is left out, and checked afterwards. Without \u escapes
# no text can hold a NUL or half a surrogate pair, which no database takes.
STYLE: "JsonCompileOptions" = {
    "item_separator": ", ",
    "key_separator": ": ",
    "whitespace_flexible": False,
    "lenient": True,
    "json_allowed_escapes": '"\\nrt',
}


class Grammars:
    """The schemas compiled for one tokenizer; `vocabulary` is how many tokens the model knows."""

    def __init__(self, tokenizer: Any, vocabulary: int, ends: frozenset[int]) -> None:
        from llguidance.hf import from_tokenizer

        try:
            self._tokens = from_tokenizer(tokenizer, n_vocab=max(vocabulary, len(tokenizer)), eos_token=sorted(ends))
        except ValueError as problem:
            raise ConfigError(f"this model's tokenizer cannot be held to a schema: {problem}") from problem
        self._made: dict[str, Grammar] = {}

    def of(self, schema: Mapping[str, Any]) -> "Grammar":
        """Raises ConfigError for a schema that cannot be a grammar."""
        text = json.dumps(_bounded(schema))  # the order of the properties is that of writing
        if text not in self._made:
            self._made[text] = Grammar(self._tokens, text)
        return self._made[text]


class Grammar:
    """One schema, compiled."""

    def __init__(self, tokens: Any, schema: str) -> None:
        from llguidance import LLMatcher

        rules = LLMatcher.grammar_from_json_schema(schema, overrides=STYLE)
        self._matcher = LLMatcher(tokens, rules, log_level=0)
        if self._matcher.is_error():
            raise ConfigError(f"the schema cannot be held to: {self._matcher.get_error()}")

    def start(self) -> "Held":
        return Held(self._matcher.deep_copy())


class Held:
    """A text under way that keeps to a grammar."""

    def __init__(self, matcher: Any) -> None:
        self.matcher = matcher
        self.error = ""

    def ended_by(self, token: int) -> bool:
        """Takes a token; True where nothing can follow."""
        if not self.matcher.consume_token(token):
            self.error = f"the grammar broke: {self.matcher.get_error()}"
        return bool(self.matcher.is_stopped())


def _bounded(schema: Any) -> Any:
    """A list of different items out of a few is no longer than these: a grammar cannot say that they differ."""
    if isinstance(schema, list):
        return [_bounded(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    found = {key: _bounded(value) for key, value in schema.items()}
    items = found.get("items")
    if found.get("uniqueItems") is True and isinstance(items, Mapping) and isinstance(items.get("enum"), list):
        found.setdefault("maxItems", len(items["enum"]))
    return found


def forbidden(held: Sequence[Held | None], vocabulary: int) -> Any:
    """Which tokens may not come next: bool, shape (rows, vocabulary); all may where nothing is held."""
    import torch
    from llguidance.numpy import allocate_token_bitmask, fill_next_token_bitmask

    bits = allocate_token_bitmask(len(held), vocabulary)
    for row, each in enumerate(held):
        if each:
            fill_next_token_bitmask(each.matcher, bits, row)
    places = torch.arange(32, dtype=torch.int32)
    allowed = ((torch.from_numpy(bits)[:, :, None] >> places) & 1).bool().reshape(len(held), -1)[:, :vocabulary]
    return ~allowed
