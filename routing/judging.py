"""Judges at work: starting a run, and the run itself.

A judge claims reserved rows and submits through the same functions as people.
"""

from collections.abc import Sequence

from django.db import connection, transaction

from annotate.assigning import claim
from annotate.errors import Invalid, WrongState
from annotate.jobs import Handle, enqueue
from annotate.models import Annotator, Assignment, Campaign, Skip, User, View
from routing.asking import Asker
from routing.judges import ConfigError
from routing.models import Judge, JudgeRun
from routing.scope import answerable_views

BATCH = 16
PROVIDER_ERROR = "provider_error"

RESERVE = """
    INSERT INTO annotate_assignment (campaign_id, version_id, unit_id, slot, shown, reserved_for_id)
    SELECT u.campaign_id, %(version)s, u.id, NULL, u.keys, %(judge)s
    FROM annotate_unit u JOIN annotate_item i ON i.id = u.item_id
    WHERE u.campaign_id = %(campaign)s AND u.view_id = ANY(%(views)s) AND i.withdrawn_at IS NULL ORDER BY u.id
    ON CONFLICT DO NOTHING
"""


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
        Skip.objects.filter(annotator=judge.annotator, reason__contains=PROVIDER_ERROR).delete()
        run = JudgeRun.objects.create(campaign=judge.campaign, judge=judge, created_by=user)
        if send:
            enqueue(run)
    return run


def run_judge(run: JudgeRun, handle: Handle) -> None:
    """The work of a run: reserve, then claim, ask, store and submit batch by batch until nothing is left."""
    judge = run.judge
    views, skipped = answerable_views(judge)
    reserve(judge, views)
    handle.progress(**_counts(judge), skipped=skipped)
    if not views:
        raise Invalid("; ".join(f"{view}: {why}" for view, why in skipped.items()))
    asker = Asker(judge, run)
    while batch := _next_batch(judge, views):
        try:
            asker.answer(batch)
        except ConfigError as error:
            raise Invalid(str(error)) from error
        handle.progress(**_counts(judge))


def _next_batch(judge: Judge, views: Sequence[View]) -> list[Assignment]:
    """Where nothing is left it looks once more, at the items that came during the run."""
    if batch := _claim_batch(judge.campaign, judge.annotator):
        return batch
    reserve(judge, views)
    return _claim_batch(judge.campaign, judge.annotator)


def _counts(judge: Judge) -> dict[str, int]:
    """Counted anew rather than added up: a run that starts again must not count twice."""
    rows = Assignment.objects.filter(campaign=judge.campaign, reserved_for=judge.annotator)
    rows = rows.exclude(state=Assignment.State.PARKED)
    return {
        "total": rows.count(),
        "done": rows.filter(state=Assignment.State.DONE).count(),
        "failed": Skip.objects.filter(campaign=judge.campaign, annotator=judge.annotator).count(),
    }


def reserve(judge: Judge, views: Sequence[View]) -> None:
    """A row for the judge in every unit of the views whose item is in the campaign.

    Of those that nobody has begun, the ones in `views` move to the present version, and the others are parked:
    a new version may ask what the judge cannot answer.
    """
    version = judge.campaign.current
    waiting = Assignment.objects.filter(campaign=judge.campaign, reserved_for=judge.annotator).filter(
        state__in=[Assignment.State.OPEN, Assignment.State.PARKED]
    )
    waiting.exclude(unit__view__in=views).update(state=Assignment.State.PARKED)
    back = waiting.filter(unit__view__in=views, unit__item__withdrawn_at=None)
    back.update(state=Assignment.State.OPEN, version=version)
    with connection.cursor() as cursor:
        cursor.execute(
            RESERVE,
            {
                "version": version.pk,
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
