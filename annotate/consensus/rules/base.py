"""What a consensus rule is: it decides each thing from the votes about it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from annotate.consensus.votes import Votes
from annotate.frames.columns import Flags, Numbers
from annotate.kinds.base import Scale


@dataclass(frozen=True, slots=True)
class Decided:
    """Per thing (t,): the `value` (NaN where there is none), the `confidence` that it is right (from 0 to 1, NaN where
    the rule cannot say), whether votes `tied`, and the number that was rounded to the value, where one was (`exact`,
    else NaN). `about` is what the rule found besides, as JSON."""

    value: Numbers
    confidence: Numbers
    tied: Flags
    exact: Numbers
    about: Mapping[str, Any] = field(default_factory=dict)


class Rule(ABC):
    """One rule: one file in this package. `confidence` says in a sentence what its confidence means; where more than
    `most_labels` different labels were given the default rule decides instead."""

    name: ClassVar[str]
    title: ClassVar[str]
    describe: ClassVar[str]
    confidence: ClassVar[str]
    scales: ClassVar[frozenset[Scale]]
    most_labels: ClassVar[float] = float("inf")

    @abstractmethod
    def decide(self, votes: Votes) -> Decided:
        """The value of each thing, in the order of their numbers."""
