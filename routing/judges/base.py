"""What every judge provider takes and gives: messages and labels in, label probabilities out."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, cast

from routing.judges.registry import discover, look_up, merge_config

Status = Literal["ok", "truncated", "provider_error", "refusal", "parse_error"]


@dataclass(frozen=True, slots=True)
class LabelRequest:
    """One question to a model whose answer is exactly one of `labels`.

    `messages` are chat messages `{"role", "content"}`; `texts` are the completions under judgment, in the
    prompt's order, for providers that follow a rule rather than read the prompt.
    """

    messages: tuple[dict[str, str], ...]
    labels: tuple[str, ...]
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelReply:
    """A model's answer to one LabelRequest.

    `probabilities` sum to 1 over the labels and are empty unless `status` is "ok". `missing` is the
    probability mass the model put outside the labels before they were renormalised (1.0 where it gave none).
    `seconds` is this request's share of the time spent. `raw` is JSON-able evidence: log-probabilities, the
    model and its revision, or the error text.
    """

    status: Status
    probabilities: dict[str, float]
    missing: float
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    raw: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def failed(cls, status: Status, error: str, prompt_tokens: int = 0, seconds: float = 0.0) -> "LabelReply":
        """A reply without probabilities, saying why in `raw["error"]`."""
        return cls(status, {}, 1.0, prompt_tokens, 0, seconds, {"error": error})


class Provider(ABC):
    """A source of judgments: a model in this process, a rule, a server. One file each, found by discovery.

    `describe` says in a sentence what it is; `defaults` lists every setting with its default, the most important
    first; `choices` those that are one of a few. An unknown setting raises ConfigError. Creating one is cheap: it
    checks the settings and loads nothing. `queue` is where its runs wait: one that computes next to nothing need not
    wait behind models.
    """

    name: ClassVar[str]
    describe: ClassVar[str] = ""
    queue: ClassVar[str] = "judges"
    defaults: ClassVar[Mapping[str, Any]] = {}
    choices: ClassVar[Mapping[str, Sequence[str]]] = {}

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.config = merge_config(config, self.defaults, f"the provider {self.name!r}")

    @property
    @abstractmethod
    def revision(self) -> str:
        """An id of the weights (or rule) in use: the same id means the same answers."""

    @abstractmethod
    def score(self, requests: Sequence[LabelRequest]) -> list[LabelReply]:
        """One reply per request, in the same order. What fails for one request never fails the others."""


def providers() -> dict[str, type[Provider]]:
    """Every provider by name."""
    import routing.judges as package

    return cast(dict[str, type[Provider]], discover(package, Provider))


def provider(name: str) -> type[Provider]:
    """The provider called `name`; raises UnknownName, naming near misses."""
    return cast(type[Provider], look_up(providers(), name, "judge provider"))
