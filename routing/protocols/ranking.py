"""The protocol `ranking`: several completions in order, from comparisons of all pairs in both orders."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, ClassVar

from routing.judges.base import Labels, Reply
from routing.protocols.base import Call, Judged, JudgingProtocol, QuestionSpec, Verdict
from routing.protocols.both_orders import Comparison
from routing.protocols.common.paired import FORM, SLOTS, Paired, compare
from routing.protocols.common.placing import placed
from routing.protocols.common.prompting import Ask, Prompt, guidelines, titled
from routing.protocols.common.stages import asking, staged
from routing.protocols.fencing import material

Pair = tuple[str, str]


class RankingProtocol(JudgingProtocol):
    """Completions by their mean probability of being preferred to another one (Borda), every pair in both orders.

    Where all pairs are compared equally often this is also the order of their Bradley–Terry strengths (arXiv 2306.05685
    compares models so), and needs no iteration. It takes n(n − 1) calls; `list_ranking` takes a few, for many
    completions. Where ties are allowed, neighbours whose means lie closer than twice `tie_band` tie, which for two is
    what `pairwise` does. Where they are not, equal means are an abstention.
    """

    name: ClassVar[str] = "ranking"
    version: ClassVar[int] = 1
    kind: ClassVar[str] = "ranking"
    describe: ClassVar[str] = "Compares every two responses in both orders, and ranks by how often each is preferred."
    paper: ClassVar[str] = "MT-Bench, arXiv 2306.05685"
    defaults: ClassVar[Mapping[str, Any]] = Paired.defaults
    limits: ClassVar[Mapping[str, tuple[float, float]]] = Paired.limits

    def supports(self, question: QuestionSpec) -> str | None:
        if question.kind != self.kind:
            return f"question {question.name!r} is of kind {question.kind}; this judges {self.kind}"
        if question.shows == "each":
            return f"question {question.name!r} shows one completion at a time; an order needs two"
        return None

    def calls(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply] = ()) -> list[Call]:
        if len(judged.keys) < 2:
            raise ValueError(f"question {question.name!r} orders completions; two or more have to be shown")
        asks = [_ask(judged, question, keys) for a, b in combinations(judged.keys, 2) for keys in ((a, b), (b, a))]
        return staged(asking(lambda _: asks, self.config["reasoning"]), replies)

    def verdict(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply]) -> Verdict:
        if failure := self.failed(judged, question, replies):
            return failure
        pairs = list(combinations(judged.keys, 2))
        answers = replies[-2 * len(pairs) :]
        found = {pair: compare(answers[2 * n : 2 * n + 2], self.config) for n, pair in enumerate(pairs)}
        scores = {key: _mean_preference(key, found) for key in judged.keys}
        soft = all(each.p is not None for each in found.values())
        details = {
            "scores": scores,
            "pairs": [{"a": a, "b": b, **each.figures} for (a, b), each in found.items()],
            "missing": [reply.missing for reply in answers],
        }
        probabilities = {f"{a} {b}": each.p for (a, b), each in found.items()} if soft else None
        ties = bool(question.config.get("allow_ties", True))
        ranks = placed(scores, 2 * self.config["tie_band"] if ties else 0)
        confidence = _confidence(ranks, found) if soft else None
        if not ties and len(set(ranks.values())) < len(ranks):
            return Verdict("abstain", None, probabilities, details, confidence)
        return Verdict("ok", ranks, probabilities, details, confidence)


def _ask(judged: Judged, question: QuestionSpec, keys: Pair) -> Ask:
    texts = tuple(judged.completions[key] for key in keys)
    shown = [(f"Response {slot}", text) for slot, text in zip(SLOTS, texts, strict=True)]
    rules = guidelines(judged.guidelines)
    along = [judged.completions[key] for key in judged.keys]
    body = material(Paired.instructions, [*judged.background(), *shown], rules, [question.title], along=along)
    return Ask(keys, Prompt(body, titled(question.title, Paired.ask), FORM), Labels(SLOTS), texts)


def _mean_preference(key: str, found: Mapping[Pair, Comparison]) -> float:
    """The mean probability that `key` is preferred; a hard verdict counts 1, ½ or 0."""
    chances = []
    for (a, b), each in found.items():
        if key in (a, b):
            p = 0.5 + each.sign / 2 if each.p is None else each.p
            chances.append(p if key == a else 1 - p)
    return sum(chances) / len(chances)


def _confidence(ranks: Mapping[str, int], found: Mapping[Pair, Comparison]) -> float:
    """The smallest probability among the pairs: that the better one is preferred, or of a tie's more probable side."""
    chances = []
    for (a, b), each in found.items():
        p = each.p if each.p is not None else 0.5
        chances.append(max(p, 1 - p) if ranks[a] == ranks[b] else p if ranks[a] < ranks[b] else 1 - p)
    return min(chances)
