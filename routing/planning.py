"""What to ask of a judge's model about an assignment, and what the replies amount to."""

import hashlib
import json

from annotate.models import Assignment, Question
from annotate.models.campaigns import version_of
from annotate.texts import completion_text, context_text, prompt_text
from routing.judges import Provider
from routing.judges.base import Reply, Request
from routing.models import Judge, JudgeCall
from routing.protocols import Call, Judged, JudgingProtocol
from routing.protocols import Verdict as Outcome
from routing.scope import chosen_protocol, spec_of, unsupported


class PlannedCall:
    """One call to make, with the reply once there is one."""

    def __init__(self, assignment: Assignment, question: Question, call: Call, digest: str) -> None:
        self.assignment, self.question, self.call, self.digest = assignment, question, call, digest
        self.reply: Reply | None = None

    @property
    def answered(self) -> Reply:
        if self.reply is None:
            raise RuntimeError("the call has not been made")
        return self.reply


class Task:
    """An assignment with the calls of its questions; replies that are stored already are taken over."""

    def __init__(self, judge: Judge, model: Provider, assignment: Assignment) -> None:
        self.judge, self.model, self.assignment, self.view = judge, model, assignment, assignment.unit.view
        self.judged = judged_of(assignment)
        asked = self.view.questions.filter(version=assignment.version_id)
        self.questions = [question for question in asked if unsupported(judge, question, self.view) is None]
        self.stored = {
            call.request_digest: call for call in JudgeCall.objects.filter(assignment=assignment, status="ok")
        }
        self.planned: dict[str, list[PlannedCall]] = {question.name: [] for question in self.questions}

    def missing(self) -> list[PlannedCall]:
        """The calls to make now: those not answered yet, and those that the answers so far lead to."""
        return [planned for question in self.questions for planned in self._missing(question)]

    def _missing(self, question: Question) -> list[PlannedCall]:
        planned = self.planned[question.name]
        while all(each.reply is not None for each in planned):
            if any(each.answered.status != "ok" for each in planned):
                return []
            replies = [each.answered for each in planned]
            calls = self._protocol(question).calls(self.judged, spec_of(question, self.view), replies)
            if len(calls) == len(planned):
                return []
            planned += [self._plan(question, call) for call in calls[len(planned) :]]
        return [each for each in planned if each.reply is None]

    def _plan(self, question: Question, call: Call) -> PlannedCall:
        digest = request_digest(self.model, call.request, self.assignment.round)
        planned = PlannedCall(self.assignment, question, call, digest)
        if planned.digest in self.stored:
            planned.reply = reply_of(self.stored[planned.digest])
        return planned

    def _protocol(self, question: Question) -> JudgingProtocol:
        chosen = chosen_protocol(self.judge, question)
        if chosen is None:
            raise RuntimeError("a question without a protocol is not planned")
        return chosen

    def outcomes(self) -> list[tuple[Question, Outcome]]:
        """What the replies amount to, question by question in their order."""
        return [(question, self._outcome(question)) for question in self.questions]

    def _outcome(self, question: Question) -> Outcome:
        replies = [planned.answered for planned in self.planned[question.name]]
        return self._protocol(question).verdict(self.judged, spec_of(question, self.view), replies)


def judged_of(assignment: Assignment) -> Judged:
    """The unit as a judge sees it; completions that answer prompts of their own are shown with these."""
    item = assignment.unit.item
    completions = list(item.completions.all())
    prompts = {c.key: prompt_text(item.prompt if c.prompt is None else c.prompt) for c in completions}
    texts = {c.key: completion_text(c) for c in completions}
    asked = {prompts[key] for key in assignment.shown}
    if len(asked) > 1:
        texts = {key: f"(To the request: {prompts[key]})\n\n{text}" for key, text in texts.items()}
    return Judged(
        prompt=asked.pop() if len(asked) == 1 else prompt_text(item.prompt),
        completions=texts,
        context=context_text(item.context),
        reference=item.reference,
        shown=tuple(assignment.shown),
        guidelines=version_of(assignment.version_id).guidelines,
        source=item.source,
    )


def request_digest(model: Provider, request: Request, repeat: int = 0) -> str:
    """SHA-256 of the weights and settings, all that the model is given, and the number of the repeat."""
    content = [model.name, model.revision, list(request.messages), request.want.spec(), list(request.texts), repeat]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


def reply_of(call: JudgeCall) -> Reply:
    """The stored reply, as the provider gave it."""
    return Reply(
        status="ok",
        probabilities=call.probabilities,
        missing=call.missing,
        prompt_tokens=call.prompt_tokens,
        completion_tokens=call.completion_tokens,
        seconds=call.seconds,
        raw=call.raw,
        value=call.value,
        scores=tuple(call.scores),
    )
