"""Puts assignments to a judge's model and submits what comes back.

Every reply is stored before anything is made of it, so a run that dies goes on without asking the model again.
"""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.conf import settings

from annotate.answers import applies
from annotate.flagging import LONGEST_REASON, skip
from annotate.models import Assignment, Question
from annotate.submitting import asked_of, submit
from routing.judges import Provider, provider
from routing.models import Judge, JudgeCall, JudgeRun, Verdict
from routing.planning import PlannedCall, Task
from routing.protocols import Verdict as Outcome


@cache
def loaded(name: str, config: str) -> Provider:
    """The provider with this JSON configuration, loaded once in a process."""
    found, settings_given = provider(name), json.loads(config)
    if "cache" in found.defaults:
        settings_given.setdefault("cache", str(settings.MODELS))
    return found(settings_given)


class Asker:
    """Puts assignments to the judge's model, a batch at a time."""

    def __init__(self, judge: Judge, run: JudgeRun | None) -> None:
        self.judge, self.run = judge, run
        self.model = loaded(judge.provider, json.dumps(judge.config, sort_keys=True))

    def answer(self, batch: Sequence[Assignment]) -> list[bool]:
        """Asks, stores, submits; tells for each assignment whether it got an annotation."""
        tasks = [Task(self.judge, self.model, assignment) for assignment in batch]
        while missing := [planned for task in tasks for planned in task.missing()]:
            self._ask(missing)
        return [self._submit(task) for task in tasks]

    def _ask(self, missing: Sequence[PlannedCall]) -> None:
        replies = self.model.answer([planned.call.request for planned in missing])
        for planned, reply in zip(missing, replies, strict=True):
            planned.reply = reply
        JudgeCall.objects.bulk_create((self._row(planned) for planned in missing), ignore_conflicts=True)

    def _row(self, planned: PlannedCall) -> JudgeCall:
        reply, request = planned.answered, planned.call.request
        return JudgeCall(
            judge=self.judge,
            run=self.run,
            assignment=planned.assignment,
            question=planned.question.name,
            order=planned.call.order,
            keys=list(planned.call.keys),
            request_digest=planned.digest,
            request={"messages": list(request.messages), **request.want.spec()},
            status=reply.status,
            probabilities=reply.probabilities,
            value=reply.value,
            scores=list(reply.scores),
            missing=reply.missing,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
            seconds=reply.seconds,
            raw=reply.raw,
        )

    def _submit(self, task: Task) -> bool:
        """A question whose condition the judge's earlier answers do not meet is not answered."""
        answers: dict[str, Any] = {}
        probabilities: dict[str, Any] = {}
        failures = []
        conditions = {asked.name: asked for asked in asked_of(task.assignment)}
        for question, outcome in task.outcomes():
            if not applies(conditions[question.name], answers):
                continue
            self._store(task.assignment, question, outcome)
            if outcome.status == "ok":
                answers[question.name], probabilities[question.name] = outcome.answer, outcome.probabilities
            elif question.required:
                failures.append(f"{outcome.status}: {question.name}")
        if failures or not answers:
            reason = "; ".join(failures) or "abstain: every question"
            skip(task.assignment, self.judge.annotator, reason[:LONGEST_REASON])
            return False
        submit(task.assignment, self.judge.annotator, answers, probabilities=probabilities, claim_next=False)
        return True

    def _store(self, assignment: Assignment, question: Question, outcome: Outcome) -> None:
        Verdict.objects.update_or_create(
            assignment=assignment,
            question=question.name,
            defaults={
                "judge": self.judge,
                "kind": question.kind,
                "status": outcome.status,
                "answer": outcome.answer,
                "probabilities": outcome.probabilities,
                "confidence": outcome.confidence,
                "details": outcome.details,
            },
        )
