"""Holds an import row against the campaign: which units it makes, and which answers came along with it."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotate.answers import asked_in, clean_answers
from annotate.arms import arm_of_answers, arm_of_slot, questions_in
from annotate.errors import Invalid
from annotate.importing.digests import content_key
from annotate.importing.problems import RowProblem
from annotate.importing.rows import AnnotationRow, ItemRow
from annotate.kinds import Asked, kind
from annotate.kinds.base import brief, is_number
from annotate.kinds.source import Source
from annotate.models import Annotator, Campaign, Question, View
from annotate.options import option
from annotate.units import Keys, screen_orders, units_of


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers that came along, in canonical form, with the unit they are about."""

    unit: tuple[int, Keys]
    row: AnnotationRow
    answers: dict[str, Any]
    shown: Keys
    source: Source
    arm: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A row that fits the campaign. `units` are (view id, keys in the item's order); those of `waiting` views wait
    for their points."""

    number: int
    key: str
    digest: str
    row: ItemRow
    units: list[tuple[int, Keys]]
    answered: list[Answered]
    remarks: Sequence[RowProblem] = ()
    waiting: frozenset[int] = frozenset()


class Planner:
    """Checks rows against one version of a campaign."""

    def __init__(self, campaign: Campaign) -> None:
        self.version = campaign.current
        self.arms = option("arms", self.version.config)
        self.views: dict[int, View] = {}
        self.questions: dict[int, list[Question]] = {}
        self.view_of: dict[str, int] = {}
        for question in self.version.questions.select_related("view"):
            self.views[question.view_id] = question.view
            self.questions.setdefault(question.view_id, []).append(question)
            self.view_of[question.name] = question.view_id

    def plan(self, number: int, row: ItemRow, remarks: Sequence[RowProblem] = ()) -> Planned:
        """Raises `RowProblem` where the campaign's questions cannot be asked of the row, or an answer does not fit."""
        source = row.source
        self._check_completions(row, source)
        keys = [completion.key for completion in row.completions]
        digest = content_key(row)
        key = row.key or digest
        units = [(pk, unit) for pk, view in self.views.items() for unit in units_of(view, key, keys)]
        answered = [
            self._answered(f"annotations[{i}]", annotation, keys, key, source)
            for i, annotation in enumerate(row.annotations)
        ]
        _refuse_repeats(answered)
        if row.gold is not None:
            self._match("gold", Annotator.Kind.HUMAN, row.gold["answers"], row.gold.get("shown"), keys, key, source)
        return Planned(number, key, digest, row, units, answered, remarks, self._waiting(source))

    def _waiting(self, source: Source) -> frozenset[int]:
        """The views with a question that this item has to wait for."""
        asked = self.questions.items()
        return frozenset(pk for pk, qs in asked if any(kind(q.kind).unready(q.config, source) for q in qs))

    def asked(self, view_id: int, keys: Keys, source: Source, arm: str = "") -> list[Asked]:
        return asked_in(questions_in(self.questions[view_id], self.arms, arm), self.views[view_id].shows, keys, source)

    def slot_arm(self, view_id: int, digest: str, slot: int) -> str:
        """The arm of a slot of a unit in this view, whose prompt has that digest; empty outside of the experiment."""
        if not self.arms or self.view_of[self.arms["checklist"]] != view_id:
            return ""
        return arm_of_slot(digest, self.views[view_id].name, slot, self.version.overlap)

    def _check_completions(self, row: ItemRow, source: Source) -> None:
        for view_id, questions in self.questions.items():
            shows = self.views[view_id].shows
            if shows == View.Shows.PAIR and len(row.completions) < 2:
                raise RowProblem("completions", f"the view {self.views[view_id]} shows pairs: give at least two")
            for question in questions:
                problem = kind(question.kind).item_problem(question.config, shows, len(row.completions), source)
                if problem:
                    raise RowProblem("completions", f"{question.name}: {problem}")

    def _answered(self, field: str, row: AnnotationRow, keys: Sequence[str], item: str, source: Source) -> Answered:
        unit, answers, shown, arm = self._match(field, row.kind, row.answers, row.shown, keys, item, source)
        _check_probabilities(f"{field}.probabilities", row.probabilities or {}, answers)
        return Answered(unit, row, answers, shown, source, arm)

    def _match(
        self,
        field: str,
        by: str,
        answers: Mapping[str, Any],
        shown: Sequence[str] | None,
        keys: Sequence[str],
        item: str,
        source: Source,
    ) -> tuple[tuple[int, Keys], dict[str, Any], Keys, str]:
        """The unit that the answers (by a person or a judge) are about, the answers in canonical form, the order on
        the screen, and the arm of an experiment: a judge is asked everything."""
        view_id = self._view(field, answers)
        unit = self._unit(field, view_id, answers, shown, keys)
        is_person = by == Annotator.Kind.HUMAN
        arm = arm_of_answers(self.arms, self.questions[view_id], answers) if is_person else ""
        try:
            clean = clean_answers(self.asked(view_id, unit, source, arm), answers)
        except Invalid as error:
            raise RowProblem(f"{field}.answers", error.message) from error
        order = tuple(shown) if shown else next(iter(screen_orders(item, self.views[view_id], unit, 1)))
        return (view_id, unit), clean, order, arm

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
        self, field: str, view_id: int, answers: Mapping[str, Any], shown: Sequence[str] | None, keys: Sequence[str]
    ) -> Keys:
        """The keys that the answers are about. Where a view draws only some pairs, any pair may have been answered."""
        view = self.views[view_id]
        size = {View.Shows.EACH: 1, View.Shows.PAIR: 2}.get(View.Shows(view.shows), len(keys))
        if shown is not None:
            if len(shown) != size:
                raise RowProblem(f"{field}.shown", f"the view {view} shows {size} completion(s) at a time")
            return tuple(key for key in keys if key in shown)
        kinds = {q.name: kind(q.kind) for q in self.questions[view_id]}
        named = set[str]().union(*(kinds[name].keys_named(answer) for name, answer in answers.items()))
        if unknown := sorted(named - set(keys)):
            raise RowProblem(f"{field}.answers", f"{brief(unknown)}: no such completion; there are {', '.join(keys)}")
        fitting = [unit for unit in itertools.combinations(keys, size) if named <= set(unit)]
        if len(fitting) != 1:
            raise RowProblem(
                f"{field}.shown",
                "say which completions were on the screen: "
                + ("the answers fit several" if fitting else "the answers name completions not shown together"),
            )
        return fitting[0]


def _check_probabilities(field: str, given: Mapping[str, Any], answers: Mapping[str, Any]) -> None:
    """`{question: {key: probability}}`, or `{question: {key: {step: probability}}}` for a scale."""
    for name, by_key in given.items():
        if name not in answers:
            raise RowProblem(f"{field}.{name}", "is not among the answers")
        if not isinstance(by_key, Mapping) or not all(map(_is_probability, by_key.values())):
            raise RowProblem(f"{field}.{name}", "must map keys to numbers from 0 to 1")


def _is_probability(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_probability, value.values()))
    return is_number(value) and 0 <= value <= 1


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
