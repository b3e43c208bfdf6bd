"""Which judges and runs a user may see: those of the campaigns that he runs."""

from django.contrib.auth.models import AnonymousUser

from annotate.access import campaigns_run_by
from annotate.errors import NotFound
from annotate.models import User
from routing.models import Judge, JudgeRun


def judge_run_by(user: User | AnonymousUser, pk: int) -> Judge:
    found = Judge.objects.filter(pk=pk, campaign__in=campaigns_run_by(user))
    judge = found.select_related("annotator", "campaign").first()
    if judge is None:
        raise NotFound("there is no such judge, or you do not run its campaign")
    return judge


def run_seen(user: User | AnonymousUser, pk: int) -> JudgeRun:
    found = JudgeRun.objects.filter(pk=pk, campaign__in=campaigns_run_by(user))
    run = found.select_related("judge__annotator", "campaign").first()
    if run is None:
        raise NotFound("there is no such run, or you do not run its campaign")
    return run
