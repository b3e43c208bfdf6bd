"""Judges, their runs and the inconsistency report over HTTP."""

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
from annotate.jobs import cancel
from routing.access import judge_run_by, run_seen
from routing.creating import create_judge
from routing.judging import start_run
from routing.models import Judge, JudgeRun
from routing.reliability import reliability
from routing.reports import report_of

OBJECT = OpenApiTypes.OBJECT


def judge_payload(judge: Judge) -> dict[str, Any]:
    return {
        "id": judge.pk,
        "name": judge.name,
        "provider": judge.provider,
        "config": judge.config,
        "protocols": judge.protocols,
    }


def run_payload(run: JudgeRun) -> dict[str, Any]:
    return {**job_payload(run), "judge": run.judge_id, "failed": run.failed, "skipped": run.skipped}


@extend_schema(methods=["GET"], responses={200: OBJECT}, summary="The judges of a campaign")
@extend_schema(methods=["POST"], request=OBJECT, responses={201: OBJECT}, summary="Add a judge")
@api_view(["GET", "POST"])
def judges(request: Request, slug: str) -> Response:
    campaign = campaign_run(request.user, slug)
    if request.method == "POST":
        return Response(judge_payload(create_judge(campaign, body(request))), status=201)
    return keyset_page(request, campaign.judges.select_related("annotator"), judge_payload)


@extend_schema(request=None, responses={202: OBJECT}, summary="Run a judge over what it has not answered")
@api_view(["POST"])
def run(request: Request, pk: int) -> Response:
    return Response(run_payload(start_run(judge_run_by(request.user, pk), signed_in(request.user))), status=202)


@extend_schema(responses={200: OBJECT}, summary="The state of a judge run")
@api_view(["GET"])
def judge_run(request: Request, pk: int) -> Response:
    return Response(run_payload(run_seen(request.user, pk)))


@extend_schema(request=None, responses={200: OBJECT}, summary="Cancel a judge run; its answers stay")
@api_view(["POST"])
def cancel_run(request: Request, pk: int) -> Response:
    found = run_seen(request.user, pk)
    cancel(found)
    return Response(run_payload(found))


@extend_schema(responses={200: OBJECT}, summary="What a judge's verdicts say about it")
@api_view(["GET"])
def report(request: Request, pk: int) -> Response:
    return Response(reliability(judge_run_by(request.user, pk)))


@extend_schema(responses={200: OBJECT}, summary="How far ratings and rankings disagree")
@api_view(["GET"])
def inconsistency(request: Request, slug: str) -> Response:
    return Response(report_of(campaign_run(request.user, slug)))
