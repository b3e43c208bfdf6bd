"""What the protocols share that compare two completions by asking in both orders."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from routing.judges.base import Labels, Reply
from routing.protocols.base import Call, Judged, JudgingProtocol, QuestionSpec, Verdict
from routing.protocols.both_orders import TIE_BAND, Comparison, by_label, by_probability, decide, strength
from routing.protocols.common.followed import GOOD_ENOUGH, chance, good_enough, stated_strength, strengths, usefulness
from routing.protocols.common.prompting import Ask, Prompt, guidelines, titled
from routing.protocols.common.stages import asking, staged
from routing.protocols.fencing import Parts, material

SLOTS = ("A", "B")
FORM = "Reply with the single letter A or B."


class Paired(JudgingProtocol):
    """Both orders are asked; `both_orders` says what comes of them. A protocol gives the words and the rules.

    Then, where the question wants it: after a tie, whether each completion is good enough (both_bad is a no to both);
    after labels without probabilities, how much better the preferred one is. With probabilities the strength, step k
    of n, is |2P(a) − 1| from (k − 1)/n up to k/n: with two steps the stronger one begins at odds of 3 to 1.
    """

    kind: ClassVar[str] = "pairwise"
    defaults: ClassVar[Mapping[str, Any]] = {
        "reasoning": False,
        "tie_band": TIE_BAND,
        "temperature": 1.0,
        "offset": 0.0,
    }
    limits: ClassVar[Mapping[str, tuple[float, float]]] = {
        "tie_band": (0, 0.5),
        "temperature": (1e-6, 1e6),
        "offset": (-1000, 1000),
    }
    instructions: ClassVar[str] = "Two responses to the same request are to be compared."
    ask: ClassVar[str] = "Which response is better, A or B?"

    def supports(self, question: QuestionSpec) -> str | None:
        if question.kind != self.kind:
            return f"question {question.name!r} is of kind {question.kind}; this judges {self.kind}"
        if question.shows == "each":
            return f"question {question.name!r} shows one completion at a time; a comparison needs two"
        return None

    def rules(self, judged: Judged, question: QuestionSpec) -> Parts:
        """What the researcher wants the judge to go by."""
        return guidelines(judged.guidelines)

    def first_asks(self, judged: Judged, question: QuestionSpec) -> Sequence[Ask]:
        """What is asked before the comparison."""
        return ()

    def added(self, replies: Sequence[Reply]) -> Parts:
        """What the replies to `first_asks` add to the material."""
        return ()

    def calls(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply] = ()) -> list[Call]:
        a, b = two_keys(judged, question)
        before = self.first_asks(judged, question)
        orders = ((a, b), (b, a))
        return staged(
            [
                *asking(lambda _: before, False),
                *asking(
                    lambda given: [self._ask(judged, question, keys, given) for keys in orders],
                    self.config["reasoning"],
                    len(before),
                ),
                *asking(lambda given: self._further(judged, question, given), False, self._compared(len(before))),
            ],
            replies,
        )

    def verdict(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply]) -> Verdict:
        if failure := self.failed(judged, question, replies):
            return failure
        a, b = two_keys(judged, question)
        count = self._compared(len(self.first_asks(judged, question)))
        found, further = compare(replies[count - 2 : count], self.config), replies[count:]
        details = {**found.figures, "missing": [reply.missing for reply in replies[count - 2 : count]]}
        probabilities = None if found.p is None else {a: found.p, b: 1 - found.p}
        confidence = None if found.p is None else max(found.p, 1 - found.p)
        side = decide(found, _ties(question), self.config["tie_band"])
        if side is None:
            return Verdict("abstain", None, probabilities, details, confidence)
        answer: dict[str, Any] = {"preferred": {1: a, -1: b}.get(side)}
        if side and (steps := len(question.config.get("strengths") or ())):
            answer["strength"] = strength(found.d, steps) if found.d is not None else stated_strength(further)
        if not side and further:
            details[GOOD_ENOUGH] = good_enough(judged.keys, further)
            answer |= {"both_bad": True} if all(p < 0.5 for p in details[GOOD_ENOUGH].values()) else {}
        return Verdict("ok", answer, probabilities, details, confidence)

    def _compared(self, first: int) -> int:
        """How many replies there are once both orders have been answered."""
        return first + (4 if self.config["reasoning"] else 2)

    def _further(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply]) -> Sequence[Ask]:
        found = compare(replies[-2:], self.config)
        side = decide(found, _ties(question), self.config["tie_band"])
        if side and found.p is None and question.config.get("strengths"):
            return strengths(judged, question, *judged.keys[::side])
        if side == 0 and question.config.get("both_bad"):
            return [usefulness(judged, key) for key in judged.keys]
        return ()

    def _ask(self, judged: Judged, question: QuestionSpec, keys: tuple[str, ...], given: Sequence[Reply]) -> Ask:
        texts = tuple(judged.completions[key] for key in keys)
        shown = [(f"Response {slot}", text) for slot, text in zip(SLOTS, texts, strict=True)]
        parts = [*judged.background(), *self.added(given), *shown]
        body = material(self.instructions, parts, self.rules(judged, question), [question.title])
        return Ask(keys, Prompt(body, titled(question.title, self.ask), FORM), Labels(SLOTS), texts)


def two_keys(judged: Judged, question: QuestionSpec) -> tuple[str, str]:
    """The two completions that are compared. Raises ValueError where there are not two."""
    if len(judged.keys) != 2:
        shown = ", ".join(judged.keys) or "none"
        raise ValueError(f"question {question.name!r} compares exactly two completions; shown: {shown}")
    a, b = judged.keys
    return a, b


def compare(replies: Sequence[Reply], config: Mapping[str, Any]) -> Comparison:
    """What the two replies over the slots say of the pair; labels are read where one of them has no probabilities."""
    one, two = replies
    if one.probabilities and two.probabilities:
        s1, s2 = (chance(reply, SLOTS[0]) for reply in replies)
        return by_probability(s1, s2, config["temperature"], config["offset"])
    return by_label(_first_slot(one), _first_slot(two))


def _ties(question: QuestionSpec) -> bool:
    return bool(question.config.get("allow_tie", True))


def _first_slot(reply: Reply) -> float:
    """1 for a verdict for the first slot, 0 for the second, ½ for probabilities that are even."""
    p = chance(reply, SLOTS[0])
    return 0.5 if p == 0.5 else float(p > 0.5)
