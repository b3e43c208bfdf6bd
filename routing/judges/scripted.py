"""The provider `scripted`: a judge that follows a rule, for demonstrations, tests and known baselines."""

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from routing.judges.base import FreeText, Labels, Likelihood, Provider, Reply, Request, Reward, Structured, Want
from routing.judges.registry import ConfigError
from routing.judges.scripted_rule import RULES, Rule

FALL = 0.25  # on a scale, each step away from the rule's step is this many times less likely


class ScriptedProvider(Provider):
    """Judge by a rule on `Request.texts`; the same request always gets the same reply, whatever it wants.

    Settings: `rule`, `noise`, `seed` and `delay` (the seconds that a request takes). `longer` and `shorter` go by
    words, `first` by the slot in the prompt, `hash` by a number drawn from each text (indifferent to slots). With
    one label per text, a label's probability is its text's weight over the sum; else the labels are a scale from
    worst to best on which the texts together have a place (the messages, where there are no texts). A reward is the
    logarithm of the weight; continuations are a scale from best to worst. With probability `noise` probabilities move
    round by a random number of labels, and all else is drawn at random.
    """

    name: ClassVar[str] = "scripted"
    describe: ClassVar[str] = "A fixed rule instead of a model: for trying things out, and as a baseline."
    queue: ClassVar[str] = "default"
    gives: ClassVar[frozenset[type[Want]]] = frozenset({Labels, Structured, FreeText, Likelihood, Reward})
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
        self.rule = Rule(rule, str(seed))

    @property
    def revision(self) -> str:
        return "scripted-2:" + ":".join(str(self.config[key]) for key in ("rule", "noise", "seed"))

    def answer(self, requests: Sequence[Request]) -> list[Reply]:
        return [self._reply(request) for request in requests]

    def _reply(self, request: Request) -> Reply:
        time.sleep(self.config["delay"])
        said = _parts(request)
        noisy = self.rule.fraction("noise?", *said) < self.config["noise"]
        rule = Rule("hash", "\0".join((self.rule.seed, *said))) if noisy else self.rule
        texts = request.texts or said
        probabilities: dict[str, float] = {}
        value: Any = None
        scores: tuple[float, ...] = ()
        match request.want:
            case Labels(labels):
                probabilities = self._probabilities(labels, texts, noisy, said)
            case Structured(schema):
                value = rule.fill(schema, texts)
            case FreeText():
                value = rule.reasons(request.texts)
            case Likelihood(continuations):
                scores = _likelihoods(rule.level("\n".join(texts)), len(continuations))
            case Reward():
                scores = (math.log(rule.weight(0, "\n".join(texts))),)
        raw, seconds = {"revision": self.revision}, float(self.config["delay"])
        return Reply("ok", probabilities, 0.0, 0, 0, seconds, raw, value, scores)

    def _probabilities(
        self, labels: Sequence[str], texts: Sequence[str], noisy: bool, said: Sequence[str]
    ) -> dict[str, float]:
        if len(texts) == len(labels):
            weights = [self.rule.weight(slot, text) for slot, text in enumerate(texts)]
        else:
            step = min(len(labels) - 1, int(self.rule.level("\n".join(texts)) * len(labels)))
            weights = [FALL ** abs(step - other) for other in range(len(labels))]
        if noisy:
            turn = int(self.rule.fraction("turn", *said) * len(weights))
            weights = weights[turn:] + weights[:turn]
        return {label: weight / sum(weights) for label, weight in zip(labels, weights, strict=True)}


def _likelihoods(level: float, count: int) -> tuple[float, ...]:
    """Log-probabilities of continuations from best to worst: those near the level are the likely ones."""
    places = [1 - n / max(1, count - 1) for n in range(count)]
    return tuple(math.log(FALL) * abs(place - level) for place in places)


def _parts(request: Request) -> tuple[str, ...]:
    return (*(message["content"] for message in request.messages), *request.texts)
