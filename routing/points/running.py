"""Runs that have a judge propose checklists for the items that have none."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from annotate.errors import Invalid, WrongState
from annotate.item_points import LACKING, generated_checklists
from annotate.jobs import Handle, enqueue
from annotate.models import Campaign, Item, User
from routing.asking import model_of
from routing.calling.money import take_over
from routing.calling.opening import open_exchange
from routing.judges import ConfigError, Reply, Structured, provider
from routing.judging import barred
from routing.models import Judge, JudgeRun, Proposal
from routing.points.asking import ask
from routing.points.generating import NoChecklist, read_checklist

BATCH = 32
LONGEST_REASON = 500


def start_generation(judge: Judge, user: User | None, *, cap: int | None = None, send: bool = True) -> JudgeRun:
    """Queues a run that proposes a checklist for every item without points; what failed before is tried again.

    `cap` is in millionths of a US dollar. Raises `Invalid` where no question wants points or the judge cannot write
    any, `WrongState` while a run of this judge goes on, or where it may be asked nothing (suspended, a cap without a
    price).
    """
    question_of(judge.campaign)
    if Structured not in provider(judge.provider).gives:
        raise Invalid(f"{judge} cannot write points; choose a judge that is a language model", {"judge": "another one"})
    if problem := barred(judge, cap):
        raise WrongState(problem)
    with transaction.atomic():
        Judge.objects.select_for_update().get(pk=judge.pk)
        if judge.runs.exclude(state__in=JudgeRun.ENDED).exists():
            raise WrongState(f"a run of {judge} is going on already")
        Proposal.objects.filter(judge=judge, state=Proposal.State.FAILED, accepted__isnull=True).delete()
        if not wanting(judge).exists():
            raise WrongState(f"{judge} has been asked about every item that has no points; review what it proposed")
        run = JudgeRun.objects.create(
            campaign=judge.campaign, judge=judge, created_by=user, purpose=JudgeRun.Purpose.POINTS, cap=cap
        )
        if send:
            enqueue(run)
    return run


def question_of(campaign: Campaign) -> str:
    """The name of the question that points are made for: the first, since they are the item's. Raises `Invalid`."""
    question = generated_checklists(campaign).first()
    if question is None:
        raise Invalid(
            "no checklist of this campaign has its points generated; set `generated` on a checklist question",
            {"questions": "a checklist with points_from: item and generated: true"},
        )
    return question.name


def wanting(judge: Judge) -> QuerySet[Item]:
    """The items without points for which the judge has not been asked."""
    proposed = Proposal.objects.filter(judge=judge, item=OuterRef("pk"))
    items = judge.campaign.items.filter(LACKING, ~Exists(proposed), withdrawn_at=None)
    return items.order_by("pk")


def run_generation(run: JudgeRun, handle: Handle) -> None:
    """The work of a run: a batch's proposals are committed with the run's counts, so one that goes on does the rest."""
    judge, question = run.judge, question_of(run.campaign)
    handle.progress(**_counts(judge))
    take_over(run)
    try:
        with open_exchange(judge, run, handle, model_of(judge)) as exchange:
            while batch := list(wanting(judge)[:BATCH]):
                replies = ask(exchange, question, batch)
                with transaction.atomic():
                    propose(judge, question, batch, replies)
                    handle.progress(**_counts(judge))
    except ConfigError as error:
        raise Invalid(str(error)) from error


def _counts(judge: Judge) -> dict[str, int]:
    """Counted anew rather than added up: a run that starts again must not count twice."""
    own = Proposal.objects.filter(judge=judge)
    failed = own.filter(state=Proposal.State.FAILED).count()
    done = own.count() - failed
    return {"done": done, "failed": failed, "total": done + failed + wanting(judge).count()}


def propose(judge: Judge, question: str, items: Sequence[Item], replies: Sequence[Reply]) -> None:
    """A proposal for each item from the judge's replies; one that holds no checklist is a failure with its reason."""
    Proposal.objects.bulk_create(
        (_proposal(judge, question, item, reply) for item, reply in zip(items, replies, strict=True)),
        ignore_conflicts=True,
    )


def _proposal(judge: Judge, question: str, item: Item, reply: Reply) -> Proposal:
    made = Proposal(campaign=judge.campaign, item=item, question=question, judge=judge)
    try:
        if reply.status != "ok":
            raise NoChecklist(f"{reply.status}: {reply.raw.get('error', 'the model gave no answer')}")
        made.points = [point.as_json() for point in read_checklist(reply.value)]
    except NoChecklist as problem:
        made.state, made.reason = Proposal.State.FAILED, str(problem)[:LONGEST_REASON]
    return made
