"""What an item says, as kinds hold answers against it: its texts, the points to check, its passages' sentences."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

PROMPT, CONTEXT = "@prompt", "@context"
"""Targets beside completion keys, which never start with @."""

Said = str | Sequence[Mapping[str, Any]]
"""A text, or chat messages; of a context a text or passages {title?, sentences}."""
Parts = tuple[str, ...]


class Source:
    """One item's texts and points; the completions are read when a kind first asks for one.

    A text has one part. Chat messages have a part each (their content as text), passages one each (their
    sentences joined by a space). Offsets count code points within a part.
    """

    def __init__(
        self,
        prompt: Said = "",
        context: Said | None = None,
        points: Iterable[Mapping[str, Any]] | None = None,
        completions: Callable[[], Iterable[tuple[str, Said]]] = tuple,
    ) -> None:
        self.prompt, self.context, self._completions = prompt, context, completions
        self.points = [dict(point) for point in points or ()]

    def parts(self, target: str) -> Parts:
        """The parts of a completion, `@prompt` or `@context`; none where the item has no such text."""
        if target == PROMPT:
            return said_parts(self.prompt)
        if target == CONTEXT:
            return said_parts(self.context) if self.context else ()
        return self._texts.get(target, ())

    @cached_property
    def _texts(self) -> dict[str, Parts]:
        return {key: said_parts(said) for key, said in self._completions()}

    @cached_property
    def sentences(self) -> dict[str, str]:
        """Id → text of the context's sentences: "2.1" is the first of the second passage, "2.0" its title if any."""
        if not self.context or isinstance(self.context, str):
            return {}
        return {
            f"{p}.{s}": sentence
            for p, passage in enumerate(self.context, start=1)
            for s, sentence in enumerate([passage.get("title"), *passage.get("sentences", ())])
            if sentence is not None
        }


def said_parts(said: Said) -> Parts:
    """The parts of a text, of chat messages, or of passages."""
    if isinstance(said, str):
        return (said,)
    return tuple(passage_text(part) if is_passage(part) else content_text(part.get("content")) for part in said)


def is_passage(part: Mapping[str, Any]) -> bool:
    """Whether a part is a passage: a chat message may have any field, but always has a role."""
    return "sentences" in part and "role" not in part


def passage_text(passage: Mapping[str, Any]) -> str:
    return " ".join(passage["sentences"])


def content_text(content: Any) -> str:
    """The text of a message's content: a string, or parts of which those that are not text are named."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    parts = (p.get("text") if isinstance(p, Mapping) and p.get("type") == "text" else f"[{_type(p)}]" for p in content)
    return "\n".join(str(part) for part in parts)


def _type(part: Any) -> str:
    return str(part.get("type", "part")) if isinstance(part, Mapping) else "part"
