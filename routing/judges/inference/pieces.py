"""What is put to a model: sequences to read log-probabilities from, and drafts that it goes on writing."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from routing.judges.inference.grammars import Grammar, Held
from routing.judges.inference.prefixes import Tokens


class Piece(Protocol):
    """`ids` go through the model, whose output at the last `kept` positions is wanted. `error` says what failed."""

    ids: Tokens
    seconds: float
    error: str

    @property
    def kept(self) -> int: ...


@dataclass(slots=True)
class Scored:
    """`reads` are the tokens whose log-probabilities are wanted, at each of the last `len(reads)` positions.

    `found` has them in the same shape, in nats.
    """

    ids: Tokens
    reads: tuple[Tokens, ...]
    found: tuple[tuple[float, ...], ...] = ()
    seconds: float = 0.0
    error: str = ""

    @property
    def kept(self) -> int:
        return len(self.reads)


@dataclass(slots=True)
class Draft:
    """A text that goes on from `ids`, of at most `room` tokens; what is sampled depends on `seed`.

    `written` are the tokens, without the one that ended it; `cut`: there was no more room. Where `grammar` is set, the
    text is held to it.
    """

    ids: Tokens
    room: int
    seed: int = 0
    grammar: Grammar | None = None
    written: list[int] = field(default_factory=list)
    cut: bool = False
    seconds: float = 0.0
    error: str = ""
    held: Held | None = None
    _random: np.random.Generator = field(default_factory=np.random.default_rng, repr=False)

    @property
    def kept(self) -> int:
        return 1

    def start(self) -> None:
        """From the beginning, whatever was written before."""
        self.written, self.cut, self._random = [], False, np.random.default_rng(self.seed)
        self.held = self.grammar.start() if self.grammar else None

    def draw(self) -> float:
        """The next random number in [0, 1)."""
        return float(self._random.random())

    def take(self, token: int, ends: frozenset[int]) -> bool:
        """Adds the token that the model chose; False where the text has ended."""
        going = self._goes_on(token, ends)
        if not going:
            self.held = None
        return going

    def _goes_on(self, token: int, ends: frozenset[int]) -> bool:
        if token < 0:
            self.error = "the model gave no finite probability to any token"
            return False
        if token in ends:
            return False
        self.written.append(token)
        if self.held and self.held.ended_by(token):
            self.error = self.held.error
            return False
        self.cut = len(self.written) >= self.room
        return not self.cut
