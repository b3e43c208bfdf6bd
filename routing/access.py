"""Which judges, runs, endpoints and prices a user may see: those of what he runs."""

from django.contrib.auth.models import AnonymousUser

from annotate.access import campaigns_run_by, signed_in
from annotate.errors import NotAllowed, NotFound
from annotate.models import Organisation, User
from routing.models import Endpoint, HeadTraining, Judge, JudgeRun, Price, Proposal


def judge_run_by(user: User | AnonymousUser, pk: int) -> Judge:
    found = Judge.objects.filter(pk=pk, campaign__in=campaigns_run_by(user))
    judge = found.select_related("annotator", "campaign", "endpoint").first()
    if judge is None:
        raise NotFound("there is no such judge, or you do not run its campaign")
    return judge


def run_seen(user: User | AnonymousUser, pk: int) -> JudgeRun:
    found = JudgeRun.objects.filter(pk=pk, campaign__in=campaigns_run_by(user))
    run = found.select_related("judge__annotator", "campaign").first()
    if run is None:
        raise NotFound("there is no such run, or you do not run its campaign")
    return run


def training_seen(user: User | AnonymousUser, pk: int) -> HeadTraining:
    found = HeadTraining.objects.filter(pk=pk, campaign__in=campaigns_run_by(user)).select_related("campaign").first()
    if found is None:
        raise NotFound("there is no such training, or you do not run its campaign")
    return found


def organisation_run(user: User | AnonymousUser) -> Organisation:
    """The organisation whose endpoints and prices the user keeps. Raises `NotAllowed` where he is no researcher."""
    known = signed_in(user)
    if not known.is_researcher:
        raise NotAllowed("only researchers see the endpoints and prices of an organisation")
    return known.organisation


def endpoint_run(user: User | AnonymousUser, pk: int) -> Endpoint:
    found = organisation_run(user).endpoints.filter(pk=pk).first()
    if found is None:
        raise NotFound("there is no such endpoint in your organisation")
    return found


def price_run(user: User | AnonymousUser, pk: int) -> Price:
    found = organisation_run(user).prices.filter(pk=pk).first()
    if found is None:
        raise NotFound("there is no such price in your organisation")
    return found


def proposal_run(user: User | AnonymousUser, pk: int) -> Proposal:
    found = Proposal.objects.filter(pk=pk, campaign__in=campaigns_run_by(user))
    proposal = found.select_related("campaign__version", "item", "judge__annotator", "decided_by").first()
    if proposal is None:
        raise NotFound("there is no such proposal, or you do not run its campaign")
    return proposal
