"""Puts assignments to a judge's model and submits what comes back.

Every reply is stored before anything is made of it, so a run that dies goes on without asking the model again.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.conf import settings

from annotate.answers import applies
from annotate.models import Assignment, Question
from annotate.submitting import asked_of, skip, submit
from annotate.texts import completion_text, prompt_text
from routing.judges import Provider, provider
from routing.judges.base import LabelReply, LabelRequest
from routing.models import Judge, JudgeCall, JudgeRun, Verdict
from routing.protocols import Call, Judged, JudgingProtocol, protocol
from routing.protocols import Verdict as Outcome
from routing.scope import spec_of, unsupported

LONGEST_REASON = 500


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
        self.protocols = {kind: protocol(chosen["name"])(chosen["config"]) for kind, chosen in judge.protocols.items()}

    def answer(self, batch: Sequence[Assignment]) -> list[bool]:
        """Asks, stores, submits; tells for each assignment whether it got an annotation."""
        tasks = [_Task(self, assignment) for assignment in batch]
        self._ask([planned for task in tasks for planned in task.planned if planned.reply is None])
        return [self._submit(task) for task in tasks]

    def _ask(self, missing: Sequence["_Planned"]) -> None:
        replies = self.model.score([planned.call.request for planned in missing]) if missing else []
        for planned, reply in zip(missing, replies, strict=True):
            planned.reply = reply
        JudgeCall.objects.bulk_create((self._row(planned) for planned in missing), ignore_conflicts=True)

    def _row(self, planned: "_Planned") -> JudgeCall:
        reply, request = planned.answered, planned.call.request
        return JudgeCall(
            judge=self.judge,
            run=self.run,
            assignment=planned.assignment,
            question=planned.question.name,
            order=planned.call.order,
            keys=list(planned.call.keys),
            request_digest=planned.digest,
            request={"messages": list(request.messages), "labels": list(request.labels)},
            status=reply.status,
            probabilities=reply.probabilities,
            missing=reply.missing,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
            seconds=reply.seconds,
            raw=reply.raw,
        )

    def _submit(self, task: "_Task") -> bool:
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
                "details": outcome.details,
            },
        )


class _Planned:
    """One call to make, with the reply once there is one."""

    def __init__(self, assignment: Assignment, question: Question, call: Call, digest: str) -> None:
        self.assignment, self.question, self.call, self.digest = assignment, question, call, digest
        self.reply: LabelReply | None = None

    @property
    def answered(self) -> LabelReply:
        if self.reply is None:
            raise RuntimeError("the call has not been made")
        return self.reply


class _Task:
    """An assignment with the calls of its questions; replies that are stored already are taken over."""

    def __init__(self, asker: Asker, assignment: Assignment) -> None:
        self.asker, self.assignment, self.view = asker, assignment, assignment.unit.view
        self.judged = judged_of(assignment)
        asked = self.view.questions.filter(version=assignment.version_id)
        self.questions = [question for question in asked if unsupported(asker.judge, question, self.view) is None]
        stored = {call.request_digest: call for call in JudgeCall.objects.filter(assignment=assignment, status="ok")}
        self.planned: list[_Planned] = []
        for question in self.questions:
            for call in self._protocol(question).calls(self.judged, spec_of(question, self.view)):
                planned = _Planned(assignment, question, call, request_digest(asker.model, call.request))
                if planned.digest in stored:
                    planned.reply = reply_of(stored[planned.digest])
                self.planned.append(planned)

    def _protocol(self, question: Question) -> JudgingProtocol:
        return self.asker.protocols[question.kind]

    def outcomes(self) -> list[tuple[Question, Outcome]]:
        """What the replies amount to, question by question in their order."""
        return [(question, self._outcome(question)) for question in self.questions]

    def _outcome(self, question: Question) -> Outcome:
        replies = [planned.answered for planned in self.planned if planned.question is question]
        return self._protocol(question).verdict(self.judged, spec_of(question, self.view), replies)


def judged_of(assignment: Assignment) -> Judged:
    """The unit as a judge sees it; completions that answer prompts of their own are shown with these."""
    item = assignment.unit.item
    prompts = {c.key: prompt_text(item.prompt if c.prompt is None else c.prompt) for c in item.completions.all()}
    texts = {c.key: completion_text(c) for c in item.completions.all()}
    asked = {prompts[key] for key in assignment.shown}
    if len(asked) > 1:
        texts = {key: f"(To the request: {prompts[key]})\n\n{text}" for key, text in texts.items()}
    return Judged(
        prompt=asked.pop() if len(asked) == 1 else prompt_text(item.prompt),
        completions=texts,
        context=item.context,
        reference=item.reference,
        shown=tuple(assignment.shown),
    )


def request_digest(model: Provider, request: LabelRequest) -> str:
    """SHA-256 of the weights and all that the model is given: an equal request gets an equal reply."""
    content = [model.name, model.revision, list(request.messages), list(request.labels), list(request.texts)]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


def reply_of(call: JudgeCall) -> LabelReply:
    """The stored reply, as the provider gave it."""
    return LabelReply(
        status="ok",
        probabilities=call.probabilities,
        missing=call.missing,
        prompt_tokens=call.prompt_tokens,
        completion_tokens=call.completion_tokens,
        seconds=call.seconds,
        raw=call.raw,
    )
