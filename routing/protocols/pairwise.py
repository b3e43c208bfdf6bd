"""The protocol `pairwise`: which of two completions is better, always asked in both orders."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from routing.judges.base import Labels, Reply, Request
from routing.judges.registry import ConfigError
from routing.protocols.base import Call, Judged, JudgingProtocol, QuestionSpec, Verdict
from routing.protocols.fencing import fenced

SLOTS = ("A", "B")
FLOOR = 1e-9  # probabilities are kept this far from 0 and 1, so that log-odds stay finite
INSTRUCTIONS = "Two responses to the same request are to be compared."
ASK = "{title}\nWhich response is better, A or B? Reply with the single letter A or B."


class PairwiseProtocol(JudgingProtocol):
    """Debiased preference from label probabilities in both orders (both orders: arXiv 2306.05685; here
    log-odds are averaged rather than hard verdicts voted).

    With a the unit's first completion, s1 = P(first slot) when a stands first and s2 when it stands second:
    d = ½(logit s1 − logit s2) is the preference for a, free of a constant liking for a slot, which is
    ½(logit s1 + logit s2), the slot bias. P(a) = 1 / (1 + e^−d).

    The answer is the sign of d; where the question allows ties, |P(a) − ½| < `tie_band` is a tie; where it
    does not, P(a) = ½ exactly is an abstention. Of n strengths, step k is given for |2P(a) − 1| from
    (k − 1)/n up to k/n: with two steps the stronger one begins at odds of 3 to 1.
    """

    name: ClassVar[str] = "pairwise"
    version: ClassVar[int] = 1
    kind: ClassVar[str] = "pairwise"
    defaults: ClassVar[Mapping[str, Any]] = {"tie_band": 0.02}

    def __init__(self, config: Mapping[str, Any] | None = None) -> None:
        super().__init__(config)
        band = self.config["tie_band"]
        if isinstance(band, bool) or not isinstance(band, int | float) or not 0 <= band <= 0.5:
            raise ConfigError(f"tie_band is {band!r}; it must be a number from 0 to 0.5")

    def supports(self, question: QuestionSpec) -> str | None:
        if question.kind != self.kind:
            return f"question {question.name!r} is of kind {question.kind}; this judges {self.kind}"
        if question.shows == "each":
            return f"question {question.name!r} shows one completion at a time; a comparison needs two"
        return None

    def calls(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply] = ()) -> list[Call]:
        if len(judged.keys) != 2:
            shown = ", ".join(judged.keys) or "none"
            raise ValueError(f"question {question.name!r} compares exactly two completions; shown: {shown}")
        a, b = judged.keys
        orders = ((a, b), (b, a))
        return [Call(n, keys, self._request(judged, question, keys)) for n, keys in enumerate(orders)]

    def verdict(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply]) -> Verdict:
        calls = self.calls(judged, question)
        if failure := self.failure(calls, replies):
            return failure
        (a, b), (s1, s2) = calls[0].keys, (reply.probabilities[SLOTS[0]] for reply in replies)
        d, slot_bias = (logit(s1) - logit(s2)) / 2, (logit(s1) + logit(s2)) / 2
        p = 1 / (1 + math.exp(-d))
        details = {
            "s1": s1,
            "s2": s2,
            "d": d,
            "slot_bias": slot_bias,
            "flip": (s1 - 0.5) * (s2 - 0.5) > 0,
            "missing": [reply.missing for reply in replies],
        }
        probabilities = {a: p, b: 1 - p}
        tie_allowed = bool(question.config.get("allow_tie", True))
        if d == 0 or (tie_allowed and abs(p - 0.5) < self.config["tie_band"]):
            if not tie_allowed:
                return Verdict("abstain", None, probabilities, details)
            return Verdict("ok", {"preferred": None}, probabilities, details)
        answer: dict[str, Any] = {"preferred": a if d > 0 else b}
        if steps := len(question.config.get("strengths") or ()):
            answer["strength"] = strength(d, steps)
        return Verdict("ok", answer, probabilities, details)

    def _request(self, judged: Judged, question: QuestionSpec, keys: tuple[str, ...]) -> Request:
        texts = tuple(judged.completions[key] for key in keys)
        parts = [*judged.background(), *((f"Response {s}", t) for s, t in zip(SLOTS, texts, strict=True))]
        prompt = fenced(INSTRUCTIONS, parts, ASK.format(title=question.title).strip())
        return Request(({"role": "user", "content": prompt},), Labels(SLOTS), texts)


def logit(p: float) -> float:
    """ln(p / (1 − p)), with p kept FLOOR away from 0 and 1."""
    kept = min(max(p, FLOOR), 1 - FLOOR)
    return math.log(kept / (1 - kept))


def strength(d: float, steps: int) -> int:
    """The step, 1 to `steps`, for log-odds `d`: tanh(|d|/2) = |2P − 1| is cut into equal parts."""
    return min(steps, 1 + int(steps * math.tanh(abs(d) / 2)))
