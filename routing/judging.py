"""Judges at work: creating one, starting a run, and the run itself.

A judge claims reserved rows and submits through the same functions as people. Every reply is stored before
anything is made of it, so a run that dies goes on without asking the model again.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from annotate.assigning import claim
from annotate.campaigns import add_member
from annotate.errors import Exists, Invalid, WrongState
from annotate.jobs import Handle, enqueue
from annotate.models import Annotator, Assignment, Campaign, Question, Skip, User, View
from annotate.submitting import skip, submit
from annotate.texts import completion_text, prompt_text
from routing.judges import Provider, provider
from routing.judges.base import LabelReply, LabelRequest
from routing.judges.registry import ConfigError, UnknownName
from routing.models import Judge, JudgeCall, JudgeRun, Verdict
from routing.protocols import Call, Judged, JudgingProtocol, QuestionSpec, protocol, protocols_for

BATCH = 16
PROVIDER_ERROR = "provider_error"

RESERVE = """
    INSERT INTO annotate_assignment (campaign_id, version_id, unit_id, slot, shown, reserved_for_id)
    SELECT campaign_id, %(version)s, id, NULL, keys, %(judge)s FROM annotate_unit
    WHERE campaign_id = %(campaign)s AND view_id = ANY(%(views)s) ORDER BY id
    ON CONFLICT DO NOTHING
"""


@transaction.atomic
def create_judge(campaign: Campaign, spec: Mapping[str, Any]) -> Judge:
    """A judge of the campaign from `{name, provider, config?, runs_at_launch?}`. Raises `Invalid`, `Exists`."""
    if not isinstance(spec, Mapping):
        raise Invalid("a judge is an object: {name, provider, config}", {"judge": "an object"})
    name = spec.get("name")
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= 200 or "\0" in name:
        raise Invalid("name must be a text of 1 to 200 characters", {"name": "1 to 200 characters"})
    config = spec.get("config", {})
    if not isinstance(config, Mapping):
        raise Invalid("config must be an object", {"config": "an object"})
    try:
        provider(str(spec.get("provider", "")))(dict(config))
    except UnknownName as error:
        raise Invalid(str(error), {"provider": str(error)}) from error
    except ConfigError as error:
        raise Invalid(str(error), {"config": str(error)}) from error
    annotator, created = Annotator.objects.get_or_create(
        campaign=campaign,
        kind=Annotator.Kind.JUDGE,
        name=name.strip(),
        defaults={"organisation": campaign.organisation},
    )
    if not created:
        raise Exists(f"there is a judge {name!r} in this campaign already; choose another name", {"name": "in use"})
    add_member(campaign, annotator)
    return Judge.objects.create(
        campaign=campaign,
        annotator=annotator,
        provider=spec["provider"],
        config=dict(config),
        protocols=_default_protocols(),
        runs_at_launch=spec.get("runs_at_launch") is True,
    )


def _default_protocols() -> dict[str, Any]:
    """The protocol of each kind that has one: the one named like the kind."""
    from annotate.kinds import kinds

    return {
        name: {"name": name, "version": protocol(name).version, "config": {}}
        for name in kinds()
        if name in protocols_for(name)
    }


def start_run(judge: Judge, user: User | None, *, send: bool = True) -> JudgeRun:
    """Queues a run over what the judge has not answered yet; provider errors of earlier runs are tried again.

    Raises `WrongState` while another run of this judge goes on, or where the campaign is not running.
    """
    if judge.campaign.state != Campaign.State.RUNNING:
        raise WrongState("launch the campaign before a judge runs over it")
    with transaction.atomic():
        Judge.objects.select_for_update().get(pk=judge.pk)
        if judge.runs.exclude(state__in=JudgeRun.ENDED).exists():
            raise WrongState(f"a run of {judge} is going on already")
        Skip.objects.filter(annotator=judge.annotator, reason__startswith=PROVIDER_ERROR).delete()
        run = JudgeRun.objects.create(campaign=judge.campaign, judge=judge, created_by=user)
        if send:
            enqueue(run)
    return run


@cache
def loaded(name: str, config: str) -> Provider:
    """The provider with this JSON configuration, loaded once in a process."""
    found, settings_given = provider(name), json.loads(config)
    if "cache" in found.defaults:
        settings_given.setdefault("cache", str(settings.MODELS))
    return found(settings_given)


def run_judge(run: JudgeRun, handle: Handle) -> None:
    """The work of a run: reserve, then claim, ask, store and submit batch by batch until nothing is left."""
    judge, campaign = run.judge, run.campaign
    views, skipped = answerable_views(judge)
    reserve(judge, views)
    rows = Assignment.objects.filter(campaign=campaign, reserved_for=judge.annotator)
    failed = Skip.objects.filter(campaign=campaign, annotator=judge.annotator).count()
    done = rows.filter(state=Assignment.State.DONE).count()
    handle.progress(total=rows.count(), done=done, failed=failed, skipped=skipped)
    if not views:
        raise Invalid("; ".join(f"{view}: {why}" for view, why in skipped.items()))
    asker = Asker(judge, run)
    while batch := _claim_batch(campaign, judge.annotator):
        for answered in asker.answer(batch):
            done, failed = done + answered, failed + (not answered)
        handle.progress(done=done, failed=failed)


def answerable_views(judge: Judge) -> tuple[list[View], dict[str, str]]:
    """The views whose required questions the judge can answer, and why not the others."""
    campaign, views, skipped = judge.campaign, [], {}
    for view in campaign.views.all():
        problems, able = {}, 0
        for question in view.questions.filter(version=campaign.current):
            problem = unsupported(judge, question, view)
            able += problem is None
            if problem and question.required:
                problems[question.name] = problem
        if able and not problems:
            views.append(view)
        else:
            skipped[view.name] = "; ".join(f"{q}: {p}" for q, p in problems.items()) or "no question it can answer"
    return views, skipped


def unsupported(judge: Judge, question: Question, view: View) -> str | None:
    """Why the judge cannot answer a question; None where it can."""
    chosen = judge.protocols.get(question.kind)
    if chosen is None:
        return f"there is no judging protocol for {question.kind} questions"
    return protocol(chosen["name"])(chosen["config"]).supports(spec_of(question, view))


def spec_of(question: Question, view: View) -> QuestionSpec:
    return QuestionSpec(question.name, question.kind, question.config, question.title, view.shows)


def reserve(judge: Judge, views: Sequence[View]) -> None:
    """A row for the judge in every unit of the views; those that exist stay as they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            RESERVE,
            {
                "version": judge.campaign.current.pk,
                "judge": judge.annotator_id,
                "campaign": judge.campaign_id,
                "views": [view.pk for view in views],
            },
        )


def _claim_batch(campaign: Campaign, annotator: Annotator) -> list[Assignment]:
    batch: list[Assignment] = []
    while len(batch) < BATCH:
        assignment = claim(campaign, annotator, holding=[held.pk for held in batch])
        if assignment is None:
            break
        batch.append(assignment)
    return batch


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
        answers, probabilities, failures = {}, {}, []
        for question, verdict in task.verdicts():
            Verdict.objects.update_or_create(
                assignment=task.assignment,
                question=question.name,
                defaults={
                    "judge": self.judge,
                    "kind": question.kind,
                    "status": verdict.status,
                    "answer": verdict.answer,
                    "details": verdict.details,
                },
            )
            if verdict.status == "ok":
                answers[question.name], probabilities[question.name] = verdict.answer, verdict.probabilities
            elif question.required:
                failures.append(f"{verdict.status}: {question.name}")
        if failures or not answers:
            skip(task.assignment, self.judge.annotator, "; ".join(failures) or "abstain: every question")
            return False
        submit(
            task.assignment,
            self.judge.annotator,
            answers,
            probabilities=probabilities,
            claim_next=False,
        )
        return True


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
        self.asker, self.assignment = asker, assignment
        self.judged = judged_of(assignment)
        view = assignment.unit.view
        self.questions = [
            question
            for question in view.questions.filter(version=assignment.version_id)
            if unsupported(asker.judge, question, view) is None
        ]
        stored = {call.request_digest: call for call in JudgeCall.objects.filter(assignment=assignment, status="ok")}
        self.planned: list[_Planned] = []
        for question in self.questions:
            for call in self._protocol(question).calls(self.judged, spec_of(question, view)):
                digest = request_digest(asker.model, call.request)
                planned = _Planned(assignment, question, call, digest)
                if digest in stored:
                    planned.reply = reply_of(stored[digest])
                self.planned.append(planned)

    def _protocol(self, question: Question) -> JudgingProtocol:
        return self.asker.protocols[question.kind]

    def verdicts(self) -> list[tuple[Question, Any]]:
        view = self.assignment.unit.view
        return [
            (
                question,
                self._protocol(question).verdict(
                    self.judged,
                    spec_of(question, view),
                    [planned.answered for planned in self.planned if planned.question is question],
                ),
            )
            for question in self.questions
        ]


def judged_of(assignment: Assignment) -> Judged:
    """The unit as a judge sees it."""
    item = assignment.unit.item
    return Judged(
        prompt=prompt_text(item.prompt),
        completions={c.key: completion_text(c) for c in item.completions.all()},
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
