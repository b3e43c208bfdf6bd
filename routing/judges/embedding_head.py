"""The provider `embedding_head`: a linear reward on sentence embeddings, trained on the campaign's own labels."""

import hashlib
import math
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from routing.judges.base import Provider, Reply, Request, Reward, Want
from routing.judges.registry import ConfigError
from routing.judges.settings import check_choices, check_whole_numbers
from routing.judges.weights import MINILM, Weights, find_weights


class EmbeddingHeadProvider(Provider):
    """Judge by a head that `routing.heads.train_head` fits to people's preferences; it makes the judge, too.

    `head` holds the weights, so a judge never changes: a new training is a new judge. `question`, `pairs`, `groups`,
    `accuracy`, `interval` and `penalty` say what it was trained on and how good it was on prompts held out;
    `trained_on` are the ids of all the prompt groups it was trained on, which reports leave out.
    """

    name: ClassVar[str] = "embedding_head"
    describe: ClassVar[str] = "A small reward model, trained here on what people preferred in this campaign."
    gives: ClassVar[frozenset[type[Want]]] = frozenset({Reward})
    defaults: ClassVar[Mapping[str, Any]] = {
        "head": "",
        "question": "",
        "pairs": 0,
        "groups": 0,
        "accuracy": None,
        "interval": None,
        "penalty": None,
        "trained_on": (),
        "batch_size": 32,
        "device": "auto",
        "threads": None,
    }
    choices: ClassVar[Mapping[str, Sequence[str]]] = {"device": ("cpu", "cuda", "auto")}

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__(config)
        check_choices(self.config, self.choices)
        check_whole_numbers(self.config, self.defaults, {"batch_size": 1, "threads": 1})

    @property
    def weights(self) -> Weights:
        return find_weights(MINILM, Path())

    @property
    def revision(self) -> str:
        digest = hashlib.sha256(str(self.config["head"]).encode()).hexdigest()[:16]
        return f"{self.weights.revision}:{digest}"

    def answer(self, requests: Sequence[Request]) -> list[Reply]:
        """Raises ConfigError where there is no head, or no encoder."""
        from routing.heads.features import features
        from routing.judges.inference.embedding import load_embedder

        head = self._head()
        started = time.perf_counter()
        embedder = load_embedder(self.weights, self.config["device"], self.config["threads"] or os.cpu_count() or 1)
        texts = [text for request in requests for text in _texts(request)]
        once = list(dict.fromkeys(texts))
        place = {text: row for row, text in enumerate(once)}
        vectors = embedder.embed(once, self.config["batch_size"])[[place[text] for text in texts]]
        rows = features(vectors[::2], vectors[1::2])
        if requests and rows.shape[1] != len(head):
            raise ConfigError("the head does not fit the encoder; train it again")
        seconds = (time.perf_counter() - started) / max(1, len(requests))
        evidence = {"model": self.weights.name, "revision": self.revision, "device": embedder.device}
        values = (rows @ head).tolist()
        return [_reply(r, value, seconds, evidence) for r, value in zip(requests, values, strict=True)]

    def _head(self) -> Any:
        from routing.heads.features import read

        try:
            head = read(str(self.config["head"]))
        except ValueError as problem:
            raise ConfigError(f"head is no trained head ({problem}); train one on the campaign's labels") from problem
        if not len(head):
            raise ConfigError("head is empty; train one on the campaign's labels")
        return head


def _texts(request: Request) -> tuple[str, str]:
    """What was asked, and the answer to it."""
    *asked, answer = [message["content"] for message in request.messages]
    return "\n\n".join(asked), answer


def _reply(request: Request, value: float, seconds: float, evidence: Mapping[str, Any]) -> Reply:
    if not isinstance(request.want, Reward):
        return Reply.failed("provider_error", "a trained head gives a reward and nothing else")
    if not math.isfinite(value):
        return Reply.failed("provider_error", "the head gave no finite reward", seconds=seconds)
    return Reply("ok", seconds=seconds, raw=dict(evidence), scores=(value,))
