"""What a judging protocol is: how a question becomes calls to a model, and replies become an answer."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, ClassVar, Literal, cast

from annotate.kinds.source import Source
from routing.judges.base import FreeText, Labels, Reply, Request, Structured, Want
from routing.judges.registry import discover, look_up, merge_config
from routing.protocols.common.settings import check_settings
from routing.protocols.common.values import wrong_json, wrong_text

VerdictStatus = Literal["ok", "abstain", "parse_error", "refusal", "truncated", "provider_error"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A unit as a judge sees it: `completions` (key → text) in the item's order, and the keys `shown`.

    `guidelines` are the researcher's own words, which a judge follows; all else is material. `source` holds the
    exact texts by part, the item's points and the sentences of its passages.
    """

    prompt: str
    completions: dict[str, str]
    context: str | None = None
    reference: str | None = None
    shown: tuple[str, ...] = ()
    guidelines: str = ""
    source: Source = field(default_factory=Source, compare=False, repr=False)

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
    request: Request


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the replies amount to. `answer` is the answer JSON of the question's kind, or None unless "ok".

    `probabilities` are by completion key (pairwise: the chance of being preferred; rating: by step);
    `details` holds the figures behind them, `error` among them where something failed. `confidence` is the
    probability that the judge gives its own answer: of answers in parts the smallest; None where it gives none.
    """

    status: VerdictStatus
    answer: Any = None
    probabilities: dict[str, Any] | None = None
    details: dict[str, Any] = field(default_factory=dict)
    confidence: float | None = None


class JudgingProtocol(ABC):
    """One way of judging one kind of question. One file each; a changed prompt or rule is a new `version`.

    The protocol named like its kind is that kind's default for every provider that meets its `needs`. `describe` says
    in a sentence what it does, for whom it is made; `defaults` lists every setting (a text, a list of texts, a number,
    true or false), `choices` those that are one of a few, `limits` the bounds of numbers, `paper` whose method it is.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    kind: ClassVar[str]
    describe: ClassVar[str] = ""
    needs: ClassVar[frozenset[type[Want]]] = frozenset({Labels})
    defaults: ClassVar[Mapping[str, Any]] = {}
    choices: ClassVar[Mapping[str, Sequence[str]]] = {}
    limits: ClassVar[Mapping[str, tuple[float, float]]] = {}
    paper: ClassVar[str] = ""

    def __init__(self, config: Mapping[str, Any] | None = None) -> None:
        self.config = merge_config(config or {}, self.defaults, f"the protocol {self.name!r}")
        check_settings(self.config, self.defaults, self.choices, self.limits)

    @abstractmethod
    def supports(self, question: QuestionSpec) -> str | None:
        """Why this protocol cannot judge `question`; None where it can."""

    @abstractmethod
    def calls(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply] = ()) -> list[Call]:
        """The calls to make, in order, as far as they are known once the first ones have these `replies`.

        What was listed for fewer replies comes first, unchanged; where nothing is added, all is asked. Replies are
        good ones: after a failed one nothing more is asked. Raises ValueError for a unit that the question cannot
        be asked of.
        """

    @abstractmethod
    def verdict(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply]) -> Verdict:
        """The verdict from the replies to `calls`, in the same order. Pure: it can be derived again."""

    def failed(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply]) -> Verdict | None:
        """`failure` for the calls that these replies led to."""
        good = list(takewhile(lambda reply: reply.status == "ok", replies))
        return self.failure(self.calls(judged, question, good), replies)

    def failure(self, calls: Sequence[Call], replies: Sequence[Reply]) -> Verdict | None:
        """The verdict when a call failed: the first failure's status and no answer. Nothing is made up."""
        for order, reply in enumerate(replies):
            if reply.status != "ok":
                statuses = [each.status for each in replies]
                details = {"call": order, "error": reply.raw.get("error", ""), "statuses": statuses}
                return Verdict(reply.status, details=details)
        if len(replies) != len(calls):
            raise ValueError(f"{self.name} needs {len(calls)} replies, one per call; got {len(replies)}")
        for call, reply in zip(calls, replies, strict=True):
            if problem := _unreadable(call, reply):
                return Verdict("parse_error", details={"call": call.order, "error": problem})
        return None


def _unreadable(call: Call, reply: Reply) -> str | None:
    """Why the text or JSON of a reply cannot be used. Raises ValueError for labels that were not asked for."""
    want = call.request.want
    if isinstance(want, Structured):
        return wrong_json(want.schema, reply.value)
    if isinstance(want, FreeText):
        return wrong_text(reply.value)
    given = set(reply.probabilities) or {reply.value}
    wanted = set(call.request.labels)
    if wanted and (wanted - given if reply.probabilities else given - wanted):
        raise ValueError(f"reply {call.order} is not over the labels {', '.join(call.request.labels)}")
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
