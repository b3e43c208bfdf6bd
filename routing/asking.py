"""Puts assignments to a judge's model and submits what comes back.

Every reply is stored before anything is made of it, so a run that dies goes on without asking the model again.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from annotate.answers import applies, asked_of, clean_answers
from annotate.errors import Invalid
from annotate.flagging import LONGEST_REASON, skip
from annotate.models import Assignment, Question
from annotate.submitting import Answered, submit_many
from routing.calling.asked import Asked
from routing.calling.exchange import Exchange
from routing.judges import Provider, provider
from routing.judges.texts import storable
from routing.models import Judge, JudgeRun, Verdict
from routing.planning import Planner, Task
from routing.protocols import Verdict as Outcome

Saved = Callable[[int, int], None]
"""Called with how many more were answered, and how many failed, inside the transaction that submits them."""


@lru_cache(maxsize=4)
def loaded(name: str, config: str) -> Provider:
    """The provider with this JSON configuration; the process keeps the last few, with the models that they load."""
    found, settings_given = provider(name), json.loads(config)
    if "cache" in found.defaults:
        settings_given.setdefault("cache", str(settings.MODELS))
    return found(settings_given)


def model_of(judge: Judge) -> Provider:
    return loaded(judge.provider, json.dumps(judge.config, sort_keys=True))


@dataclass
class Sheet:
    """What a task came to: its outcomes, the answers that hold, and why required questions have none."""

    task: Task
    outcomes: list[tuple[Question, Outcome]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    probabilities: dict[str, Any] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    @property
    def reason(self) -> str:
        """Why the unit is passed over; empty where it is answered."""
        if self.failures:
            return "; ".join(self.failures)[:LONGEST_REASON]
        return "" if self.answers else "abstain: every question"


class Asker:
    """The tasks of a run that are under way."""

    def __init__(self, judge: Judge, run: JudgeRun | None, exchange: Exchange, saved: Saved) -> None:
        self.judge, self.exchange, self.saved = judge, exchange, saved
        self.planner = Planner(judge, exchange.model, run)
        self.tasks: dict[int, Task] = {}
        self.seen = self.called = 0

    @property
    def calls_each(self) -> float:
        """How many calls an assignment takes, by those so far."""
        return max(1.0, self.called / self.seen) if self.seen else 1.0

    def take(self, batch: Sequence[Assignment]) -> None:
        """Starts the calls of more assignments; what is answered already is submitted."""
        tasks = self.planner.tasks(batch)
        self.tasks |= {task.assignment.pk: task for task in tasks}
        self.seen += len(tasks)
        self._go_on(tasks)

    def work(self) -> None:
        """Waits for replies, stores and submits what they complete."""
        finished = self.exchange.finished()
        replied = dict.fromkeys(asked.assignment.pk for asked in finished if asked.assignment)
        self._go_on([self.tasks[pk] for pk in replied if pk in self.tasks])

    def _go_on(self, tasks: Iterable[Task]) -> None:
        calls: list[Asked] = []
        complete: list[Task] = []
        for task in tasks:
            missing = task.missing()
            calls += missing
            if not missing and task.complete:
                complete.append(task)
        if calls:
            self.called += len(calls)
            self.exchange.start(calls)
        if complete:
            self._submit(complete)

    def _submit(self, tasks: Sequence[Task]) -> None:
        """Verdicts first, then all annotations in one transaction, then what is passed over."""
        sheets = [sheet_of(task) for task in tasks]
        store_verdicts(self.judge, sheets)
        good = [sheet for sheet in sheets if not sheet.reason]
        bad = [sheet for sheet in sheets if sheet.reason]
        if good:
            answered = [Answered(each.task.assignment, each.answers, each.probabilities) for each in good]
            submit_many(self.judge.annotator, answered, lambda: self.saved(len(good), 0))
        for sheet in bad:
            skip(sheet.task.assignment, self.judge.annotator, sheet.reason)
        if bad:
            self.saved(0, len(bad))
        for task in tasks:
            del self.tasks[task.assignment.pk]


def sheet_of(task: Task) -> Sheet:
    """A question whose condition the judge's earlier answers do not meet is not answered."""
    sheet = Sheet(task)
    asked = {each.name: each for each in asked_of(task.assignment)}
    for question, outcome in task.outcomes():
        if not applies(asked[question.name], sheet.answers):
            continue
        if outcome.status == "ok":
            outcome = _valid(list(asked.values()), question, outcome, sheet.answers)
        if outcome.status == "ok":
            sheet.answers[question.name] = outcome.answer
            sheet.probabilities[question.name] = outcome.probabilities
        elif question.required:
            sheet.failures.append(f"{outcome.status}: {question.name}")
        sheet.outcomes.append((question, outcome))
    return sheet


def _valid(asked: Sequence[Any], question: Question, outcome: Outcome, earlier: dict[str, Any]) -> Outcome:
    """The outcome, or a parse error where the one validator of answers refuses its answer."""
    try:
        only = [replace(each, required=False) if each.name != question.name else each for each in asked]
        clean = clean_answers(only, {**earlier, question.name: outcome.answer})
    except Invalid as error:
        details = {**outcome.details, "error": error.fields.get(question.name, error.message), "answer": outcome.answer}
        return Outcome("parse_error", details=storable(details))
    return replace(outcome, answer=clean.get(question.name))


def store_verdicts(judge: Judge, sheets: Iterable[Sheet]) -> None:
    """Writes the verdicts, anew where there are some."""
    rows = [
        verdict_row(judge, sheet.task.assignment, question, outcome)
        for sheet in sheets
        for question, outcome in sheet.outcomes
    ]
    Verdict.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["assignment", "question"],
        update_fields=["judge", "kind", "status", "answer", "probabilities", "confidence", "details"],
    )


def verdict_row(judge: Judge, assignment: Assignment, question: Question, outcome: Outcome) -> Verdict:
    return Verdict(
        judge=judge,
        assignment=assignment,
        question=question.name,
        kind=question.kind,
        status=outcome.status,
        answer=outcome.answer,
        probabilities=outcome.probabilities,
        confidence=outcome.confidence,
        details=storable(outcome.details),
        created_at=timezone.now(),
    )
