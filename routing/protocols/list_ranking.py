"""The protocol `list_ranking`: several completions put in order in one go, for a few orders of the list."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from routing.judges.base import Reply, Structured, Want
from routing.protocols.base import Call, Judged, JudgingProtocol, QuestionSpec, Verdict
from routing.protocols.common.orders import MOST_ORDERS, seeded_orders
from routing.protocols.common.placing import placed
from routing.protocols.common.prompting import Ask, Prompt, guidelines, letters, titled
from routing.protocols.common.stages import asking, staged
from routing.protocols.fencing import material

INSTRUCTIONS = (
    "Several responses to the same request are to be put in order. The order in which they stand means nothing."
)
ASK = "Put the responses in order, the best one first. First say in a few sentences what sets them apart."
FORM = 'Reply with JSON: {{"reasons": text, "order": [letter, …]}}, with each of {names} once.'


class ListRankingProtocol(JudgingProtocol):
    """A permutation for each of a few `orders` of the list, every second one reversed, and ranks by the mean place
    (listwise ranking: arXiv 2304.09542).

    It takes `orders` calls where `ranking` takes n(n − 1), and gives no probabilities. Equal mean places tie; where
    ties are not allowed they are an abstention. `seed` draws the orders.
    """

    name: ClassVar[str] = "list_ranking"
    version: ClassVar[int] = 1
    kind: ClassVar[str] = "ranking"
    describe: ClassVar[str] = "Puts all responses in order in one call, for several orders of the list: for long lists."
    paper: ClassVar[str] = "RankGPT, arXiv 2304.09542"
    needs: ClassVar[frozenset[type[Want]]] = frozenset({Structured})
    defaults: ClassVar[Mapping[str, Any]] = {"orders": 2, "seed": 0}
    limits: ClassVar[Mapping[str, tuple[float, float]]] = {"orders": (1, MOST_ORDERS), "seed": (0, 1_000_000)}

    def supports(self, question: QuestionSpec) -> str | None:
        if question.kind != self.kind:
            return f"question {question.name!r} is of kind {question.kind}; this judges {self.kind}"
        if question.shows == "each":
            return f"question {question.name!r} shows one completion at a time; an order needs two"
        return None

    def calls(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply] = ()) -> list[Call]:
        if len(judged.keys) < 2:
            raise ValueError(f"question {question.name!r} orders completions; two or more have to be shown")
        asks = [_ask(judged, question, keys) for keys in self._orders(judged)]
        return staged(asking(lambda _: asks, False), replies)

    def verdict(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply]) -> Verdict:
        if failure := self.failed(judged, question, replies):
            return failure
        places: dict[str, list[int]] = {key: [] for key in judged.keys}
        for keys, reply in zip(self._orders(judged), replies, strict=True):
            by_slot = dict(zip(letters(len(keys)), keys, strict=True))
            for place, slot in enumerate(reply.value["order"], start=1):
                places[by_slot[slot]].append(place)
        details = {"places": places, "reasons": [reply.value["reasons"] for reply in replies]}
        ranks = placed({key: -sum(each) / len(each) for key, each in places.items()})
        if not question.config.get("allow_ties", True) and len(set(ranks.values())) < len(ranks):
            return Verdict("abstain", None, None, details)
        return Verdict("ok", ranks, None, details)

    def _orders(self, judged: Judged) -> list[tuple[str, ...]]:
        return seeded_orders(judged, self.config["seed"], self.config["orders"])


def _ask(judged: Judged, question: QuestionSpec, keys: tuple[str, ...]) -> Ask:
    texts, slots = tuple(judged.completions[key] for key in keys), letters(len(keys))
    shown = [(f"Response {slot}", text) for slot, text in zip(slots, texts, strict=True)]
    rules = guidelines(judged.guidelines)
    body = material(INSTRUCTIONS, [*judged.background(), *shown], rules, [question.title])
    prompt = Prompt(body, titled(question.title, ASK), FORM.format(names=", ".join(slots)))
    return Ask(keys, prompt, Structured(_schema(slots)), texts)


def _schema(slots: Sequence[str]) -> dict[str, Any]:
    count = len(slots)
    order = {"type": "array", "items": {"enum": list(slots)}, "minItems": count, "maxItems": count, "uniqueItems": True}
    return {
        "type": "object",
        "properties": {"reasons": {"type": "string"}, "order": order},
        "required": ["reasons", "order"],
        "additionalProperties": False,
    }
