"""Holds imported rows against the campaign: the question, the item, and the completions that a verdict is about."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotate.errors import Invalid
from annotate.importing.problems import RowProblem
from annotate.kinds import kind
from annotate.models import Campaign, Item, Question, View
from annotate.texts import completion_text
from routing.protocols import Verdict
from routing.scope import spec_of
from routing.verdicts_import.cells import row_of_cells
from routing.verdicts_import.deriving import derived
from routing.verdicts_import.judgebench import from_judgebench, is_judgebench
from routing.verdicts_import.rows import VerdictRow, parse_verdict


@dataclass(frozen=True, slots=True)
class Fitted:
    """A row that fits: `keys` are the unit's, in the item's order. Rows of equal `place` are one screen."""

    number: int
    row: VerdictRow
    item: Item
    question: Question
    keys: tuple[str, ...]
    verdict: Verdict

    @property
    def place(self) -> tuple[str, int, int, tuple[str, ...], int]:
        return self.row.judge, self.item.pk, self.question.view_id, self.keys, self.row.repeat


class Fitter:
    """Fits rows to one campaign, a batch at a time."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.questions = {q.name: q for q in campaign.current.questions.select_related("view")}
        self.items: dict[str, Item] = {}

    def read(self, values: Sequence[Mapping[str, Any]]) -> None:
        """Reads the items that these rows name."""
        named = {key for value in values if isinstance(key := value.get("item", value.get("pair_id")), str)}
        found = Item.objects.filter(campaign=self.campaign, key__in=named).prefetch_related("completions")
        self.items = {item.key: item for item in found}

    def fit(self, number: int, value: Mapping[str, Any], cells: bool) -> Fitted:
        """Raises RowProblem."""
        row = parse_verdict(self._converted(row_of_cells(value) if cells else value))
        question, item = self._question(row), self._item(row.item)
        keys = self._keys(row, question, item)
        return Fitted(number, row, item, question, keys, derived(row, spec_of(question, question.view), keys))

    def _converted(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        if not is_judgebench(value):
            return value
        item = self._item(value["pair_id"], "pair_id")
        texts = {completion.key: completion_text(completion) for completion in item.completions.all()}
        asked = self._only_pairwise()
        return {**from_judgebench(value, texts, not asked.config.get("strengths")), "question": asked.name}

    def _question(self, row: VerdictRow) -> Question:
        if row.question is None:
            return self._only_pairwise()
        if row.question not in self.questions:
            asked = ", ".join(self.questions)
            raise RowProblem("question", f"{row.question!r} is no question of this campaign; asked are {asked}")
        return self.questions[row.question]

    def _only_pairwise(self) -> Question:
        found = [question for question in self.questions.values() if question.kind == "pairwise"]
        if len(found) != 1:
            raise RowProblem("question", f"say which: this campaign asks {', '.join(self.questions)}")
        return found[0]

    def _item(self, key: Any, field: str = "item") -> Item:
        if not isinstance(key, str) or key not in self.items:
            raise RowProblem(field, f"{key!r} is the key of no item of this campaign; import the items first")
        return self.items[key]

    def _keys(self, row: VerdictRow, question: Question, item: Item) -> tuple[str, ...]:
        """The completions that were judged together."""
        there = [completion.key for completion in item.completions.all()]
        size = {View.Shows.EACH: 1, View.Shows.PAIR: 2}.get(View.Shows(question.view.shows), len(there))
        named = set(row.keys or ()) | {order.first for order in row.orders} | _mentioned(question, row.answer)
        if unknown := sorted(named - set(there)):
            raise RowProblem("keys", f"{', '.join(unknown)}: no such completion; there are {', '.join(there)}")
        fitting = [keys for keys in itertools.combinations(there, size) if named <= set(keys)]
        if row.keys is not None and len(row.keys) != size:
            raise RowProblem("keys", f"{question.name} is about {size} completion(s) at a time, not {len(row.keys)}")
        if len(fitting) != 1:
            shown = f"{question.name} is about {size} of {', '.join(there)}"
            raise RowProblem("keys", f"say which completions were judged: {shown}")
        return fitting[0]


def _mentioned(question: Question, answer: Any) -> set[str]:
    try:
        named = kind(question.kind).keys_named(answer)
    except (Invalid, TypeError):
        return set()
    return {name for name in named if isinstance(name, str) and not name.startswith("@")}
