"""What a judging protocol is: how a question becomes calls to a model, and replies become an answer."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, cast

from routing.judges.base import LabelReply, LabelRequest
from routing.judges.registry import discover, look_up, merge_config

VerdictStatus = Literal["ok", "abstain", "parse_error", "refusal", "truncated", "provider_error"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A unit as a judge sees it: `completions` (key → text) in the item's order, and the keys `shown`."""

    prompt: str
    completions: dict[str, str]
    context: str | None = None
    reference: str | None = None
    shown: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The shown keys in the item's order: screen order must not change what a judge is asked."""
        return tuple(key for key in self.completions if key in self.shown)

    def background(self) -> list[tuple[str, str]]:
        """What a judgment starts from, as (title, text): context, request and reference, where given."""
        parts = (("Context", self.context), ("Request", self.prompt), ("Reference answer", self.reference))
        return [(title, text) for title, text in parts if text]


@dataclass(frozen=True, slots=True)
class QuestionSpec:
    """A question of a campaign version. `shows` is "each", "pair" or "all"."""

    name: str
    kind: str
    config: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    shows: str = "all"


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a provider, `order`-th of its question, about the completions `keys` in that order."""

    order: int
    keys: tuple[str, ...]
    request: LabelRequest


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the replies amount to. `answer` is the answer JSON of the question's kind, or None unless "ok".

    `probabilities` are by completion key (pairwise: the chance of being preferred; rating: by step);
    `details` holds the figures behind them, `error` among them where something failed.
    """

    status: VerdictStatus
    answer: Any = None
    probabilities: dict[str, Any] | None = None
    details: dict[str, Any] = field(default_factory=dict)


class JudgingProtocol(ABC):
    """One way of judging one kind of question. One file each; a changed prompt or rule is a new `version`.

    The protocol named like its kind is that kind's default. `defaults` lists every setting.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    kind: ClassVar[str]
    defaults: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, config: Mapping[str, Any] | None = None) -> None:
        self.config = merge_config(config or {}, self.defaults, f"the protocol {self.name!r}")

    @abstractmethod
    def supports(self, question: QuestionSpec) -> str | None:
        """Why this protocol cannot judge `question`; None where it can."""

    @abstractmethod
    def calls(self, judged: Judged, question: QuestionSpec) -> list[Call]:
        """The calls to make, in order. Raises ValueError for a unit that the question cannot be asked of."""

    @abstractmethod
    def verdict(self, judged: Judged, question: QuestionSpec, replies: Sequence[LabelReply]) -> Verdict:
        """The verdict from the replies to `calls`, in the same order. Pure: it can be derived again."""

    def failure(self, calls: Sequence[Call], replies: Sequence[LabelReply]) -> Verdict | None:
        """The verdict when a call failed: the first failure's status and no answer. Nothing is made up."""
        if len(replies) != len(calls):
            raise ValueError(f"{self.name} needs {len(calls)} replies, one per call; got {len(replies)}")
        for call, reply in zip(calls, replies, strict=True):
            if reply.status != "ok":
                statuses = [each.status for each in replies]
                details = {"call": call.order, "error": reply.raw.get("error", ""), "statuses": statuses}
                return Verdict(reply.status, details=details)
            if unknown := set(call.request.labels) - set(reply.probabilities):
                raise ValueError(f"reply {call.order} lacks the labels {', '.join(sorted(unknown))}")
        return None


def protocols() -> dict[str, type[JudgingProtocol]]:
    """Every protocol by name."""
    import routing.protocols as package

    return cast(dict[str, type[JudgingProtocol]], discover(package, JudgingProtocol))


def protocols_for(kind: str) -> dict[str, type[JudgingProtocol]]:
    """The protocols that judge questions of `kind`, by name; empty where there are none."""
    return {name: each for name, each in protocols().items() if each.kind == kind}


def protocol(name: str) -> type[JudgingProtocol]:
    """The protocol called `name`; raises UnknownName, naming near misses."""
    return cast(type[JudgingProtocol], look_up(protocols(), name, "judging protocol"))
