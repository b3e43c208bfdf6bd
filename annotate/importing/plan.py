"""Holds an import row against the campaign: which units it makes, and which answers came along with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotate.answers import asked_in, clean_answers
from annotate.errors import Invalid
from annotate.importing.digests import content_key
from annotate.importing.problems import RowProblem
from annotate.importing.rows import AnnotationRow, ItemRow
from annotate.kinds import Asked, kind
from annotate.models import Campaign, Question, View
from annotate.units import Keys, screen_orders, units_of


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers that came along, in canonical form, with the unit they are about."""

    unit: tuple[int, Keys]
    row: AnnotationRow
    answers: dict[str, Any]
    shown: Keys


@dataclass(frozen=True, slots=True)
class Planned:
    """A row that fits the campaign. `units` are (view id, keys in the item's order)."""

    number: int
    key: str
    digest: str
    row: ItemRow
    units: list[tuple[int, Keys]]
    answered: list[Answered]


class Planner:
    """Checks rows against one version of a campaign."""

    def __init__(self, campaign: Campaign) -> None:
        self.version = campaign.current
        self.views: dict[int, View] = {}
        self.questions: dict[int, list[Question]] = {}
        self.view_of: dict[str, int] = {}
        for question in self.version.questions.select_related("view"):
            self.views[question.view_id] = question.view
            self.questions.setdefault(question.view_id, []).append(question)
            self.view_of[question.name] = question.view_id

    def plan(self, number: int, row: ItemRow) -> Planned:
        """Raises `RowProblem` where the campaign's questions cannot be asked of the row, or an answer does not fit."""
        self._check_completions(row)
        keys = [completion.key for completion in row.completions]
        digest = content_key(row)
        key = row.key or digest
        units = [(pk, unit) for pk, view in self.views.items() for unit in units_of(view, key, keys)]
        answered = [
            self._answered(f"annotations[{i}]", annotation, units, keys, key)
            for i, annotation in enumerate(row.annotations)
        ]
        _refuse_repeats(answered)
        if row.gold is not None:
            self._check_gold(row.gold, units, keys, key)
        return Planned(number, key, digest, row, units, answered)

    def asked(self, view_id: int, keys: Keys) -> list[Asked]:
        return asked_in(self.questions[view_id], self.views[view_id].shows, keys)

    def _check_completions(self, row: ItemRow) -> None:
        for view_id, questions in self.questions.items():
            shows = self.views[view_id].shows
            if shows == View.Shows.PAIR and len(row.completions) < 2:
                raise RowProblem("completions", f"the view {self.views[view_id]} shows pairs: give at least two")
            for question in questions:
                problem = kind(question.kind).item_problem(shows, len(row.completions))
                if problem:
                    raise RowProblem("completions", f"{question.name}: {problem}")

    def _check_gold(
        self, gold: Mapping[str, Any], units: Sequence[tuple[int, Keys]], keys: Sequence[str], item: str
    ) -> None:
        shown = tuple(gold["shown"]) if gold.get("shown") else None
        self._match("gold", gold["answers"], shown, units, keys, item)

    def _answered(
        self,
        field: str,
        row: AnnotationRow,
        units: Sequence[tuple[int, Keys]],
        keys: Sequence[str],
        item: str,
    ) -> Answered:
        unit, answers, shown = self._match(field, row.answers, row.shown, units, keys, item)
        return Answered(unit, row, answers, shown)

    def _match(
        self,
        field: str,
        answers: Mapping[str, Any],
        shown: Keys | None,
        units: Sequence[tuple[int, Keys]],
        keys: Sequence[str],
        item: str,
    ) -> tuple[tuple[int, Keys], dict[str, Any], Keys]:
        view_id = self._view(field, answers)
        unit = self._unit(field, view_id, answers, shown, [u for pk, u in units if pk == view_id], keys)
        try:
            clean = clean_answers(self.asked(view_id, unit), answers)
        except Invalid as error:
            raise RowProblem(f"{field}.answers", error.message) from error
        order = shown or next(iter(screen_orders(item, self.views[view_id], unit, 1)))
        return (view_id, unit), clean, order

    def _view(self, field: str, answers: Mapping[str, Any]) -> int:
        unknown = [name for name in answers if name not in self.view_of]
        if unknown:
            asked = ", ".join(self.view_of)
            raise RowProblem(f"{field}.answers", f"{', '.join(unknown)}: no such question; asked are {asked}")
        views = {self.view_of[name] for name in answers}
        if len(views) > 1:
            names = ", ".join(str(self.views[pk]) for pk in views)
            raise RowProblem(f"{field}.answers", f"answers of one view at a time; these are of {names}")
        return views.pop()

    def _unit(
        self,
        field: str,
        view_id: int,
        answers: Mapping[str, Any],
        shown: Keys | None,
        units: Sequence[Keys],
        keys: Sequence[str],
    ) -> Keys:
        """The unit that the answers are about. Where a view draws only some pairs, any pair may have been answered."""
        kinds = {q.name: kind(q.kind) for q in self.questions[view_id]}
        named = set(shown or ()).union(*(kinds[name].keys_named(answer) for name, answer in answers.items()))
        if shown is not None:
            wanted = tuple(key for key in keys if key in shown)
            size = {View.Shows.EACH: 1, View.Shows.PAIR: 2}.get(View.Shows(self.views[view_id].shows), len(keys))
            if len(wanted) != size:
                raise RowProblem(
                    f"{field}.shown", f"the view {self.views[view_id]} shows {size} completion(s) at a time"
                )
            return wanted
        fitting = [unit for unit in units if named <= set(unit)]
        if len(fitting) != 1:
            raise RowProblem(
                f"{field}.shown",
                "say which completions were on the screen: "
                + ("the answers fit several" if fitting else "the answers name completions not shown together"),
            )
        return fitting[0]


def _refuse_repeats(answered: Sequence[Answered]) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for i, one in enumerate(answered):
        mark = (one.unit, one.row.round, one.row.kind, one.row.annotator)
        if mark in seen:
            raise RowProblem(
                f"annotations[{i}]",
                f"{one.row.annotator} answered the same in annotations[{seen[mark]}]; give repeats their own round",
            )
        seen[mark] = i
