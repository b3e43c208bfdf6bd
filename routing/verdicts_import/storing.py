"""Stores fitted rows: a finished assignment for each screen that a judge answered, and a verdict for each question."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from annotate.answers import applies, asked_of
from annotate.campaigns import add_member
from annotate.errors import AnnotateError, Invalid
from annotate.flagging import LONGEST_REASON, skip
from annotate.importing.problems import RowProblem
from annotate.models import Annotator, Assignment, Campaign, Unit
from annotate.submitting import submit
from routing.models import Judge, Verdict
from routing.verdicts_import.deriving import same
from routing.verdicts_import.fitting import Fitted
from routing.verdicts_import.gold import keep_gold

PROVIDER = "imported"
LEASE = timedelta(minutes=5)


class Store:
    """Puts rows into one campaign. Call it inside a transaction that holds the campaign's import lock."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.judges: dict[str, Judge] = {}

    def screen(self, rows: Sequence[Fitted]) -> int:
        """Stores the rows of one screen, and says how many were there already. Raises RowProblem for all of them."""
        first = rows[0]
        with transaction.atomic():
            judge = self.judges.get(first.row.judge) or self._judge(first.row.judge)
            unit = self._unit(first)
            for row in rows:
                keep_gold(row)
            held = Assignment.objects.filter(unit=unit, round=first.row.repeat, reserved_for=judge.annotator).first()
            if held is None:
                self._answer(judge, self._lease(judge, unit, first), rows)
            else:
                _compare(held, rows)
        # Not before: a judge that came with a refused row is undone with it.
        self.judges[first.row.judge] = judge
        return 0 if held is None else len(rows)

    def _judge(self, name: str) -> Judge:
        known = Annotator.Kind.JUDGE
        annotator, _ = Annotator.objects.get_or_create(
            campaign=self.campaign, kind=known, name=name, defaults={"organisation": self.campaign.organisation}
        )
        judge, _ = Judge.objects.get_or_create(
            annotator=annotator, defaults={"campaign": self.campaign, "provider": PROVIDER}
        )
        if judge.provider != PROVIDER:
            raise RowProblem("judge", f"{name!r} is a judge that answers here; give imported verdicts another name")
        add_member(self.campaign, annotator)
        return judge

    def _unit(self, row: Fitted) -> Unit:
        """A view that draws only some pairs gets one more unit where another pair was judged."""
        unit, _ = Unit.objects.get_or_create(
            item=row.item,
            view=row.question.view,
            keys=list(row.keys),
            defaults={"campaign": self.campaign, "prompt_group_id": row.item.prompt_group_id},
        )
        return unit

    def _lease(self, judge: Judge, unit: Unit, row: Fitted) -> Assignment:
        now = timezone.now()
        return Assignment.objects.create(
            campaign=self.campaign,
            version=self.campaign.current,
            unit=unit,
            round=row.row.repeat,
            shown=list(row.keys),
            state=Assignment.State.LEASED,
            reserved_for=judge.annotator,
            annotator=judge.annotator,
            leased_at=now,
            leased_until=now + LEASE,
        )

    def _answer(self, judge: Judge, assignment: Assignment, rows: Sequence[Fitted]) -> None:
        """Through the same door as every answer; a screen whose required question has none is skipped."""
        by_name = {row.question.name: row for row in rows}
        answers: dict[str, Any] = {}
        probabilities: dict[str, Any] = {}
        failures: list[str] = []
        for asked in asked_of(assignment):
            row = by_name.get(asked.name)
            if row is None:
                if asked.required and applies(asked, answers) and not failures:
                    raise RowProblem("question", f"the same screen asks {asked.name}: give its row next to this one")
                continue
            if row.verdict.status == "ok":
                answers[asked.name], probabilities[asked.name] = row.verdict.answer, row.verdict.probabilities
            elif asked.required:
                failures.append(f"{row.verdict.status}: {asked.name}")
        try:
            if failures or not answers:
                reason = "; ".join(failures) or "abstain: every question"
                skip(assignment, judge.annotator, reason[:LONGEST_REASON])
            else:
                given = {name: value for name, value in probabilities.items() if value is not None}
                submit(assignment, judge.annotator, answers, probabilities=given or None, claim_next=False)
        except Invalid as error:
            raise RowProblem(rows[0].row.said_in, error.message) from error
        except AnnotateError as error:
            raise RowProblem("", error.message) from error
        Verdict.objects.bulk_create(_verdict(judge, assignment, row) for row in rows)


def _verdict(judge: Judge, assignment: Assignment, row: Fitted) -> Verdict:
    made = row.verdict
    return Verdict(
        judge=judge,
        assignment=assignment,
        question=row.question.name,
        kind=row.question.kind,
        status=made.status,
        answer=made.answer,
        probabilities=made.probabilities,
        confidence=made.confidence,
        details=made.details,
    )


def _compare(held: Assignment, rows: Sequence[Fitted]) -> None:
    """Raises RowProblem unless the screen holds the same verdicts already."""
    there = {
        each["question"]: each
        for each in Verdict.objects.filter(assignment=held).values(
            "question", "status", "answer", "probabilities", "details"
        )
    }
    for row in rows:
        known = there.get(row.question.name)
        if known is None:
            raise RowProblem("question", f"{row.row.judge} has answered this screen already, without this question")
        if not same(known, row.verdict):
            told = f"{row.row.judge} has another verdict on this already; number repeats by `repeat`"
            raise RowProblem(row.row.said_in, told)
