"""Judges over HTTP: adding one, what a run would cost, what its verdicts say."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import campaign_run, signed_in
from annotate.api.body import body
from annotate.api.pages import keyset_page
from annotate.api.payloads import job_payload
from routing.access import judge_run_by, training_seen
from routing.creating import create_judge
from routing.models import HeadTraining, Judge
from routing.pricing import budget_of, dollars, millionths, set_budget
from routing.reliability.stored import report_of
from routing.training import start_training, wants_training

OBJECT = OpenApiTypes.OBJECT


def judge_payload(judge: Judge) -> dict[str, Any]:
    return {
        "id": judge.pk,
        "name": judge.name,
        "provider": judge.provider,
        "config": judge.config,
        "protocols": judge.protocols,
        "endpoint": judge.endpoint.name if judge.endpoint else None,
        "price": judge.price,
        "too_long": judge.too_long,
        "runs_at_launch": judge.runs_at_launch,
        "suspended_at": judge.suspended_at,
        "suspended_because": judge.suspended_because,
    }


def training_payload(job: HeadTraining) -> dict[str, Any]:
    """A judge in the making; `judge` is its id once it is there."""
    return {**job_payload(job), "name": job.name, "question": job.question, "judge": job.judge_id}


@extend_schema(methods=["GET"], responses={200: OBJECT}, summary="The judges of a campaign")
@extend_schema(methods=["POST"], request=OBJECT, responses={201: OBJECT}, summary="Add a judge")
@api_view(["GET", "POST"])
def judges(request: Request, slug: str) -> Response:
    campaign = campaign_run(request.user, slug)
    if request.method == "POST":
        spec = body(request)
        if wants_training(spec):
            return Response(training_payload(start_training(campaign, signed_in(request.user), spec)), status=202)
        return Response(judge_payload(create_judge(campaign, spec)), status=201)
    return keyset_page(request, campaign.judges.select_related("annotator", "endpoint"), judge_payload)


@extend_schema(responses={200: OBJECT}, summary="The training of a judge on a campaign's labels")
@api_view(["GET"])
def training(request: Request, pk: int) -> Response:
    return Response(training_payload(training_seen(request.user, pk)))


@extend_schema(responses={200: OBJECT}, summary="What a judge's verdicts say about it")
@api_view(["GET"])
def report(request: Request, pk: int) -> Response:
    return Response(report_of(judge_run_by(request.user, pk)))


@extend_schema(methods=["GET"], responses={200: OBJECT}, summary="What judges may cost a campaign, and have cost")
@extend_schema(methods=["PUT"], request=OBJECT, responses={200: OBJECT}, summary="Set what judges may cost in all")
@api_view(["GET", "PUT"])
def budget(request: Request, slug: str) -> Response:
    campaign = campaign_run(request.user, slug)
    if request.method == "PUT":
        set_budget(campaign, millionths(body(request).get("cap")))
    return Response({name: dollars(amount) for name, amount in budget_of(campaign).items()})
