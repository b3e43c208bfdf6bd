"""What to ask of a judge's model about an assignment, and what the replies amount to."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import prefetch_related_objects

from annotate.answers import questions_of
from annotate.models import Assignment, Question
from annotate.models.campaigns import version_of
from annotate.texts import completion_text, context_text, prompt_text
from routing.calling.asked import Asked, reply_of
from routing.calling.variants import variant
from routing.judges import Provider
from routing.judges.base import Reply, Request
from routing.judges.remote import RemoteProvider
from routing.models import Judge, JudgeCall, JudgeRun
from routing.protocols import Call, Judged, JudgingProtocol, QuestionSpec
from routing.protocols import Verdict as Outcome
from routing.scope import chosen_protocol, spec_of, unsupported
from routing.shortening import Shortened, shortened

Stored = dict[tuple[str, str], list[JudgeCall]]
"""(question, digest) → the attempts at that call of one assignment, in their order."""


@dataclass(frozen=True, slots=True)
class Putting:
    """A question and the protocol by which the judge answers it."""

    question: Question
    spec: QuestionSpec
    protocol: JudgingProtocol


class Planner:
    """Makes tasks for assignments, many at a time."""

    def __init__(self, judge: Judge, model: Provider, run: JudgeRun | None = None) -> None:
        self.judge, self.model, self.run = judge, model, run
        self.url = judge.endpoint.url if judge.endpoint and isinstance(model, RemoteProvider) else ""
        self._putting: dict[tuple[int, int], list[Putting]] = {}
        self._revisions: dict[int, str] = {}

    def tasks(self, assignments: Sequence[Assignment]) -> list["Task"]:
        """A task for each; the items' completions and the stored replies are read for all at once."""
        prefetch_related_objects([each.unit.item for each in assignments], "completions")
        stored: dict[int, Stored] = defaultdict(lambda: defaultdict(list))
        calls = JudgeCall.objects.filter(assignment__in=[each.pk for each in assignments]).defer("request")
        for call in calls.order_by("pk"):
            if call.assignment_id is not None:
                stored[call.assignment_id][call.question, call.request_digest].append(call)
        return [Task(self, each, stored[each.pk]) for each in assignments]

    def putting(self, assignment: Assignment) -> list[Putting]:
        """What the judge answers in the assignment's view and version."""
        view = assignment.unit.view
        key = (assignment.version_id, view.pk)
        if key not in self._putting:
            asked = [q for q in questions_of(*key) if unsupported(self.judge, q, view) is None]
            chosen = [(question, chosen_protocol(self.judge, question)) for question in asked]
            self._putting[key] = [Putting(q, spec_of(q, view), protocol) for q, protocol in chosen if protocol]
        return self._putting[key]

    def digest(self, protocol: JudgingProtocol, call: Call, repeat: int) -> str:
        """SHA-256 of all that decides a reply: equal digests may share it."""
        if repeat not in self._revisions:
            self._revisions[repeat] = variant(self.model, repeat).revision
        source = (self.model.name, self.url, self._revisions[repeat])
        return request_digest(source, call.request, (call.order, repeat, protocol.name, protocol.version))

    def final_failure(self, attempts: Sequence[JudgeCall]) -> bool:
        """Whether this run has tried what it could: it does not ask again, the next run may."""
        last = attempts[-1]
        return self.run is not None and last.run_id == self.run.pk and "next" not in last.raw


@dataclass(eq=False)
class Part:
    """One question of an assignment: the calls planned so far, and the texts they are about."""

    putting: Putting
    judged: Judged
    planned: list[Asked] = field(default_factory=list)
    cut: Shortened | None = None
    problem: str = ""

    @property
    def shown(self) -> Judged:
        """The texts as the model sees them."""
        return replace(self.judged, completions=self.cut.completions) if self.cut else self.judged

    @property
    def failed(self) -> Reply | None:
        """The first reply that is there and is no answer."""
        return next((each.reply for each in self.planned if each.reply and each.reply.status != "ok"), None)


class Task:
    """An assignment with the calls of its questions; replies that are stored already are taken over."""

    def __init__(self, planner: Planner, assignment: Assignment, stored: Stored) -> None:
        self.planner, self.assignment, self.stored = planner, assignment, stored
        judged = judged_of(assignment)
        self.parts = [Part(putting, judged) for putting in planner.putting(assignment)]

    def missing(self) -> list[Asked]:
        """The calls to start now: those not started yet, and those that the answers so far lead to."""
        return [asked for part in self.parts for asked in self._missing(part)]

    @property
    def complete(self) -> bool:
        """Whether every call that was started has its reply."""
        return all(each.reply is not None for part in self.parts for each in part.planned)

    def _missing(self, part: Part) -> list[Asked]:
        while not part.problem and all(each.reply is not None for each in part.planned):
            if part.failed is not None:
                if not self._shorten(part, part.failed):
                    return []
                continue
            calls = self.calls_of(part)
            if len(calls) == len(part.planned):
                return []
            part.planned += [self._plan(part, call) for call in calls[len(part.planned) :]]
        return [each for each in part.planned if each.reply is None and not each.started]

    def calls_of(self, part: Part) -> list[Call]:
        """The calls of a question as far as its replies lead; `part.problem` says why none can be made."""
        putting, model = part.putting, self.planner.model
        try:
            calls = putting.protocol.calls(part.shown, putting.spec, [each.answered for each in part.planned])
        except ValueError as error:
            part.problem = str(error)
            return [each.call for each in part.planned]
        if lacking := {type(call.request.want) for call in calls} - model.gives:
            wanted = ", ".join(sorted(want.__name__ for want in lacking))
            part.problem = f"the protocol {putting.protocol.name} asks for {wanted}, which {model.name} does not give"
            return [each.call for each in part.planned]
        return calls

    def _shorten(self, part: Part, failed: Reply) -> bool:
        """Where the judge may cut texts that are too long: the question is planned anew with shorter ones."""
        if self.planner.judge.too_long != "truncate":
            return False
        cut = shortened(part.judged, failed, part.cut)
        if cut is None:
            return False
        part.cut, part.planned = cut, []
        return True

    def _plan(self, part: Part, call: Call) -> Asked:
        repeat, question = self.assignment.round, part.putting.question.name
        digest = self.planner.digest(part.putting.protocol, call, repeat)
        attempts = self.stored.get((question, digest), [])
        asked = Asked(digest, question, call, repeat, self.assignment, attempts=len(attempts))
        good = next((each for each in attempts if each.status == "ok"), None)
        if good is not None:
            asked.reply = reply_of(good)
        elif attempts and self.planner.final_failure(attempts):
            asked.reply = reply_of(attempts[-1])
        return asked

    def outcomes(self) -> list[tuple[Question, Outcome]]:
        """What the replies amount to, question by question in their order."""
        return [(part.putting.question, outcome_of(part)) for part in self.parts]


def outcome_of(part: Part) -> Outcome:
    """The verdict on a question; `left_out` in its details says how many words of which texts the model never saw."""
    if part.problem:
        return Outcome("abstain", details={"error": part.problem})
    replies = [each.answered for each in part.planned]
    try:
        found = part.putting.protocol.verdict(part.shown, part.putting.spec, replies)
    except ValueError as error:
        found = Outcome("parse_error", details={"error": str(error)})
    if part.cut:
        found = replace(found, details={**found.details, "left_out": part.cut.left_out})
    return found


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


def request_digest(source: Sequence[str], request: Request, place: Iterable[str | int] = ()) -> str:
    """SHA-256 of canonical JSON: where the reply comes from (provider, URL, revision, which holds the sampling and the
    seed), all that the model is given, and the call's place (order, repeat, protocol and its version)."""
    content = [list(source), list(request.messages), request.want.spec(), list(request.texts), list(place)]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True, sort_keys=True).encode()).hexdigest()
