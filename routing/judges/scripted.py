"""The provider `scripted`: a judge that follows a rule, for demonstrations, tests and known baselines."""

import hashlib
import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from routing.judges.base import Provider, Reply, Request
from routing.judges.registry import ConfigError

RULES = ("longer", "shorter", "first", "hash")
MIDDLE_LENGTH = 50  # words; a response of this length gets the middle of a scale
FALL = 0.25  # on a scale, each step away from the rule's step is this many times less likely


class ScriptedProvider(Provider):
    """Judge by a rule on `Request.texts`; the same request always gets the same reply.

    Settings: `rule`, `noise`, `seed` and `delay` (the seconds that a request takes). `longer` and `shorter` go by
    words, `first` by the slot in the prompt, `hash` by a number drawn from each text (indifferent to slots). With
    one label per text, a label's probability is its text's weight over the sum; with one text and many labels,
    they are a scale from worst to best. With probability `noise` the probabilities move round by a
    random number of labels.
    """

    name: ClassVar[str] = "scripted"
    describe: ClassVar[str] = "A fixed rule instead of a model: for trying things out, and as a baseline."
    queue: ClassVar[str] = "default"
    defaults: ClassVar[Mapping[str, Any]] = {"rule": "longer", "noise": 0.0, "seed": 0, "delay": 0.0}
    choices: ClassVar[Mapping[str, Sequence[str]]] = {"rule": RULES}

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__(config)
        rule, noise, seed, delay = (self.config[key] for key in ("rule", "noise", "seed", "delay"))
        if rule not in RULES:
            raise ConfigError(f"rule is {rule!r}; it must be one of {', '.join(RULES)}")
        if isinstance(noise, bool) or not isinstance(noise, int | float) or not 0 <= noise <= 1:
            raise ConfigError(f"noise is {noise!r}; it must be a number from 0 to 1")
        if type(seed) is not int:
            raise ConfigError(f"seed is {seed!r}; it must be a whole number")
        if isinstance(delay, bool) or not isinstance(delay, int | float) or not 0 <= delay <= 60:
            raise ConfigError(f"delay is {delay!r}; it must be a number of seconds from 0 to 60")

    @property
    def revision(self) -> str:
        return "scripted-1:" + ":".join(str(self.config[key]) for key in ("rule", "noise", "seed"))

    def answer(self, requests: Sequence[Request]) -> list[Reply]:
        return [self._reply(request) for request in requests]

    def _reply(self, request: Request) -> Reply:
        time.sleep(self.config["delay"])
        weights = self._weights(request)
        if not weights:
            wanted = f"one text, or {len(request.labels)}"
            return Reply.failed("provider_error", f"the rule needs {wanted} (one per label), not {len(request.texts)}")
        if self._fraction("noise?", *_parts(request)) < self.config["noise"]:
            turn = int(self._fraction("turn", *_parts(request)) * len(weights))
            weights = weights[turn:] + weights[:turn]
        total = sum(weights)
        probabilities = {label: w / total for label, w in zip(request.labels, weights, strict=True)}
        return Reply("ok", probabilities, 0.0, 0, 0, float(self.config["delay"]), {"revision": self.revision})

    def _weights(self, request: Request) -> list[float]:
        if len(request.texts) == len(request.labels):
            return [self._weight(slot, text) for slot, text in enumerate(request.texts)]
        if len(request.texts) != 1:
            return []
        top = len(request.labels) - 1
        step = min(top, int(self._level(request.texts[0]) * len(request.labels)))
        return [FALL ** abs(step - other) for other in range(top + 1)]

    def _weight(self, slot: int, text: str) -> float:
        words = len(text.split()) + 1
        match self.config["rule"]:
            case "longer":
                return float(words)
            case "shorter":
                return 1 / words
            case "first":
                return 9.0 if slot == 0 else 1.0
        return self._fraction("text", text) + 1e-6

    def _level(self, text: str) -> float:
        """Where on a scale from 0 to 1 the rule puts `text` alone."""
        words = len(text.split())
        match self.config["rule"]:
            case "longer":
                return words / (words + MIDDLE_LENGTH)
            case "shorter":
                return MIDDLE_LENGTH / (words + MIDDLE_LENGTH)
            case "first":
                return 0.0
        return self._fraction("text", text)

    def _fraction(self, *parts: str) -> float:
        """A number in [0, 1) that depends on the seed and `parts` alone."""
        digest = hashlib.sha256("\0".join((str(self.config["seed"]), *parts)).encode()).digest()
        return int.from_bytes(digest[:6], "big") / 2**48


def _parts(request: Request) -> tuple[str, ...]:
    return (*(message["content"] for message in request.messages), *request.texts)
