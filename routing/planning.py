"""What to ask of a judge's model about an assignment, and what the replies amount to."""

import hashlib
import json

from annotate.models import Assignment, Question
from annotate.texts import completion_text, context_text, prompt_text
from routing.judges import Provider
from routing.judges.base import LabelReply, LabelRequest
from routing.models import Judge, JudgeCall
from routing.protocols import Call, Judged, JudgingProtocol, protocol
from routing.protocols import Verdict as Outcome
from routing.scope import spec_of, unsupported


class PlannedCall:
    """One call to make, with the reply once there is one."""

    def __init__(self, assignment: Assignment, question: Question, call: Call, digest: str) -> None:
        self.assignment, self.question, self.call, self.digest = assignment, question, call, digest
        self.reply: LabelReply | None = None

    @property
    def answered(self) -> LabelReply:
        if self.reply is None:
            raise RuntimeError("the call has not been made")
        return self.reply


class Task:
    """An assignment with the calls of its questions; replies that are stored already are taken over."""

    def __init__(self, judge: Judge, model: Provider, assignment: Assignment) -> None:
        self.judge, self.assignment, self.view = judge, assignment, assignment.unit.view
        self.judged = judged_of(assignment)
        asked = self.view.questions.filter(version=assignment.version_id)
        self.questions = [question for question in asked if unsupported(judge, question, self.view) is None]
        stored = {call.request_digest: call for call in JudgeCall.objects.filter(assignment=assignment, status="ok")}
        self.planned: list[PlannedCall] = []
        for question in self.questions:
            for call in self._protocol(question).calls(self.judged, spec_of(question, self.view)):
                planned = PlannedCall(assignment, question, call, request_digest(model, call.request))
                if planned.digest in stored:
                    planned.reply = reply_of(stored[planned.digest])
                self.planned.append(planned)

    def _protocol(self, question: Question) -> JudgingProtocol:
        chosen = self.judge.protocols[question.kind]
        return protocol(chosen["name"])(chosen["config"])

    def outcomes(self) -> list[tuple[Question, Outcome]]:
        """What the replies amount to, question by question in their order."""
        return [(question, self._outcome(question)) for question in self.questions]

    def _outcome(self, question: Question) -> Outcome:
        replies = [planned.answered for planned in self.planned if planned.question is question]
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
