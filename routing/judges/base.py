"""What every judge provider takes and gives: a request that says what it wants, a reply that has it or says why not."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, cast

from routing.judges.registry import discover, look_up, merge_config

Status = Literal["ok", "truncated", "provider_error", "refusal", "parse_error"]


@dataclass(frozen=True, slots=True)
class Labels:
    """Exactly one of `labels`: the reply has `probabilities` over them, or only the label as its `value`."""

    labels: tuple[str, ...]

    def spec(self) -> dict[str, Any]:
        return {"labels": list(self.labels)}


@dataclass(frozen=True, slots=True)
class Structured:
    """JSON that fits the JSON schema `schema`: the reply's `value`. The order of the properties is that of writing."""

    schema: Mapping[str, Any]

    def spec(self) -> dict[str, Any]:
        return {"schema": dict(self.schema)}


@dataclass(frozen=True, slots=True)
class FreeText:
    """Text: the reply's `value`, never empty."""

    def spec(self) -> dict[str, Any]:
        return {"text": True}


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How likely each of `continuations` is as the next turn: the reply's `scores`, log-probabilities in nats."""

    continuations: tuple[str, ...]

    def spec(self) -> dict[str, Any]:
        return {"continuations": list(self.continuations)}


@dataclass(frozen=True, slots=True)
class Reward:
    """A scalar reward for the conversation `messages`, whose last turn is judged: the reply's one score."""

    def spec(self) -> dict[str, Any]:
        return {"reward": True}


Want = Labels | Structured | FreeText | Likelihood | Reward


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a model.

    `messages` are chat messages `{"role", "content"}`; `want` says what form the answer has; `texts` are the
    completions under judgment, in the prompt's order, for providers that follow a rule rather than read the prompt.
    """

    messages: tuple[dict[str, str], ...]
    want: Want
    texts: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        return self.want.labels if isinstance(self.want, Labels) else ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's answer to one Request; what was wanted is there if and only if `status` is "ok".

    `probabilities` sum to 1 over the labels; they are empty where the model only names a label, which is then the
    `value`. `missing` is the probability mass the model put outside the labels before they were renormalised (1.0
    where it gave none). `value` is the JSON or text that was wanted, `scores` the likelihoods or the reward.
    `seconds` is this request's share of the time spent. `raw` is JSON-able evidence: log-probabilities, the model
    and its revision, the text as it came, or the error.
    """

    status: Status
    probabilities: dict[str, float] = field(default_factory=dict)
    missing: float = 1.0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    raw: dict[str, Any] = field(default_factory=dict)
    value: Any = None
    scores: tuple[float, ...] = ()

    @classmethod
    def failed(cls, status: Status, error: str, prompt_tokens: int = 0, seconds: float = 0.0) -> "Reply":
        """A reply without an answer, saying why in `raw["error"]`."""
        return cls(status, prompt_tokens=prompt_tokens, seconds=seconds, raw={"error": error})


class Provider(ABC):
    """A source of judgments: a model in this process, a rule, a server. One file each, found by discovery.

    `describe` says in a sentence what it is; `gives` which wants it can meet; `defaults` lists every setting with its
    default, the most important first; `choices` those that are one of a few. An unknown setting raises ConfigError.
    Creating one is cheap: it checks the settings and loads nothing. `queue` is where its runs wait: one that computes
    next to nothing need not wait behind models.
    """

    name: ClassVar[str]
    describe: ClassVar[str] = ""
    queue: ClassVar[str] = "gpu"
    gives: ClassVar[frozenset[type[Want]]] = frozenset({Labels})
    defaults: ClassVar[Mapping[str, Any]] = {}
    choices: ClassVar[Mapping[str, Sequence[str]]] = {}

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.config = merge_config(config, self.defaults, f"the provider {self.name!r}")

    @property
    @abstractmethod
    def revision(self) -> str:
        """An id of the weights (or rule) in use, and of every setting that changes answers: same id, same answers."""

    @abstractmethod
    def answer(self, requests: Sequence[Request]) -> list[Reply]:
        """One reply per request, in the same order. What fails for one request never fails the others."""


def providers() -> dict[str, type[Provider]]:
    """Every provider by name."""
    import routing.judges as package

    return cast(dict[str, type[Provider]], discover(package, Provider))


def provider(name: str) -> type[Provider]:
    """The provider called `name`; raises UnknownName, naming near misses."""
    return cast(type[Provider], look_up(providers(), name, "judge provider"))
