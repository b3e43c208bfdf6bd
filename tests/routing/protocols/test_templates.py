"""A prompt never changes unseen: what a version of a protocol asks is written down here by its digest."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import pytest

from annotate.kinds import kind
from annotate.kinds.source import Source
from routing.judges import Reply
from routing.judges.base import FreeText, Labels, Request, Structured
from routing.protocols import Judged, QuestionSpec, protocol, protocols
from tests.annotate.kinds.examples import EXAMPLES, PASSAGES
from tests.routing.protocols.units import SETTINGS, asked_through

KNOWN: dict[tuple[str, int], str] = {
    ("absolute_rubric", 1): "211b82f658567145",
    ("aspects", 1): "85de7af9765b3b4a",
    ("checklist", 1): "ba2335c3d410ff0f",
    ("choice", 1): "8edeef67fd4bd4fd",
    ("critique", 1): "31fa86ea892e2c21",
    ("list_ranking", 1): "bf14d4f942a65305",
    ("pairwise", 2): "f15df85693b1e965",
    ("persona", 1): "3940ba9d7f092657",
    ("principles", 1): "9ecf85c67f78169d",
    ("ranking", 1): "5d424716cc8124dc",
    ("rating", 2): "65776ce3ad5456a1",
    ("relative_rubric", 1): "5d362a42240b46bb",
    ("self_reference", 1): "8211ba0e5e37787d",
    ("spans", 1): "4786430b20fccac4",
}
EXTRA: dict[str, list[dict[str, Any]]] = {
    "pairwise": [{}, {"strengths": ["slightly", "much"], "both_bad": True}],
    "rating": [{}, {"min": 0, "max": 100, "step": 0.5, "labels": ["bad", "good"]}],
    "checklist": [{"points": ["Is it kind?"]}, {"points_from": "item", "allow_na": False}],
    "choice": [{"options": ["x", "y"]}, {"options": ["x", "y"], "multiple": True}],
    "text": [{}, {"per": "completion", "prefill": True}, {"min_length": 5, "max_length": 900}],
    "span": [next(e.config for e in EXAMPLES if e.kind == "span" and e.config.get("severities")), {"labels": ["x"]}],
    "ranking": [{}],
}
"""Of every kind the configurations that change what is asked."""
TEXTS = {"a": "The sky is 🙂 blue.", "b": "Nobody knows, they say."}
POINTS = [{"key": "true", "text": "Is it true?"}]
SOURCE = Source("Why?", PASSAGES, POINTS, lambda: list(TEXTS.items()))
JUDGED = Judged("Why?", TEXTS, "Sky\nIt is blue.", "A reference.", ("a", "b"), "Be fair.", SOURCE)


def flipping(requests: Sequence[Request]) -> list[Reply]:
    """Always the first slot: ties, and what is asked after them."""
    return [_given(r, {label: 0.9 if n == 0 else 0.1 for n, label in enumerate(r.labels)}) for r in requests]


def naming(requests: Sequence[Request]) -> list[Reply]:
    """Always the same text by its slot alone, without a probability."""
    return [_given(r, {}, r.labels[r.texts.index(TEXTS["a"]) % len(r.labels)] if r.labels else "") for r in requests]


def _given(request: Request, probabilities: dict[str, float], label: str = "") -> Reply:
    if isinstance(request.want, FreeText):
        return Reply("ok", value="Because.")
    return Reply("ok", probabilities, value=label) if request.labels else Reply("ok", value={})


def question_of(name: str, config: dict[str, Any]) -> QuestionSpec:
    return QuestionSpec("q", name, kind(name).clean_config(config), "Is it {good}?", "all")


def rendered(name: str) -> str:
    """Everything that the protocol asks about an example, with and without reasons first, as JSON."""
    found = protocol(name)
    asked: list[Any] = []
    for config in EXTRA[found.kind]:
        question = question_of(found.kind, config)
        for settings in ({"reasoning": False}, {"reasoning": True}) if "reasoning" in found.defaults else ({},):
            judging = found({**SETTINGS.get(name, {}), **settings})
            assert judging.supports(question) is None
            for answer in (flipping, naming) if found.kind == "pairwise" else (flipping,):
                calls, _ = asked_through(judging, JUDGED, question, answer)
                asked += [[list(call.request.messages), call.request.want.spec()] for call in calls]
    return json.dumps(asked, ensure_ascii=False, indent=1)


def digest_of(name: str) -> str:
    return hashlib.sha256(rendered(name).encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", sorted(n for n, p in protocols().items() if p.needs <= {Labels, Structured, FreeText}))
def test_what_a_version_asks_does_not_change(name: str) -> None:
    known = {version: digest for (each, version), digest in KNOWN.items() if each == name}
    now = digest_of(name)
    assert known.get(protocol(name).version) == now, (
        f"what {name} {protocol(name).version} asks has changed: raise its version, and write ({name!r}, version): "
        f"{now!r} here. Judges that were made with the old one then say that they are of their day."
    )
