"""An estimate of a run, as the pages show it and the API gives it. Money is in millionths of a US dollar."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from routing.calling.money import Price, cost
from routing.models import Judge
from routing.pricing import dollars


@dataclass
class Part:
    """What one question takes. Counts are expected numbers; money is in millionths, None where no price is known."""

    question: str
    units: int = 0
    calls: float = 0.0
    stored: float = 0.0
    prompt_tokens: float = 0.0
    completion_tokens: float = 0.0
    worst: float = 0.0
    measured: bool = False

    def cost(self, price: Price | None) -> int | None:
        """What is expected."""
        return cost(price, round(self.prompt_tokens), round(self.completion_tokens))

    def most(self, price: Price | None) -> int | None:
        """The worst case."""
        return None if price is None else math.ceil(self.worst)


@dataclass
class Estimate:
    """A run of `repeats` rounds: `units` are still to be asked, `done` were dealt with; `sampled` of them planned.

    `seconds` is how long it takes at the pace of the last run, None where there was none.
    """

    judge: Judge
    repeats: int
    units: int = 0
    done: int = 0
    sampled: int = 0
    parts: list[Part] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    seconds: float | None = None

    @property
    def calls(self) -> int:
        return round(sum(part.calls for part in self.parts))

    @property
    def stored(self) -> int:
        return round(sum(part.stored for part in self.parts))

    @property
    def exact(self) -> bool:
        """Whether every unit was planned, so that the number of calls is counted rather than estimated."""
        return self.sampled == self.units

    @property
    def untested(self) -> bool:
        """Whether nobody has found out yet in which form the server answers: then plain text is assumed."""
        endpoint = self.judge.endpoint
        return endpoint is not None and self.judge.config.get("model") not in endpoint.capabilities

    @property
    def measured(self) -> bool:
        """Whether the tokens are those of this judge's earlier calls rather than guessed from the characters."""
        return bool(self.parts) and all(part.measured for part in self.parts)

    @property
    def expected(self) -> int | None:
        return _sum(part.cost(self.judge.price) for part in self.parts)

    @property
    def worst(self) -> int | None:
        return _sum(part.most(self.judge.price) for part in self.parts)

    def payload(self) -> dict[str, Any]:
        """As the API gives it; money in US dollars."""
        price = self.judge.price
        return {
            "judge": self.judge.pk,
            "repeats": self.repeats,
            "units": self.units,
            "done": self.done,
            "calls": self.calls,
            "stored": self.stored,
            "sampled": self.sampled,
            "price": price,
            "expected": dollars(self.expected),
            "worst": dollars(self.worst),
            "seconds": self.seconds,
            "skipped": self.skipped,
            "questions": [
                {
                    "question": part.question,
                    "units": part.units,
                    "calls": round(part.calls),
                    "stored": round(part.stored),
                    "prompt_tokens": round(part.prompt_tokens),
                    "completion_tokens": round(part.completion_tokens),
                    "expected": dollars(part.cost(price)),
                    "worst": dollars(part.most(price)),
                }
                for part in self.parts
            ],
        }


def _sum(amounts: Iterable[int | None]) -> int | None:
    """None where one of them is not known."""
    known = list(amounts)
    return None if None in known else sum(amount or 0 for amount in known)
