"""Judge runs over HTTP: starting, watching, pausing, resuming and cancelling them."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotate import jobs
from annotate.access import signed_in
from annotate.api.body import body
from annotate.api.payloads import job_payload
from routing.access import judge_run_by, run_seen
from routing.estimating import clean_repeats, estimate
from routing.judging import start_run
from routing.models import JudgeRun
from routing.pricing import dollars, known_price, millionths
from routing.running import cancel_run, resume_run

OBJECT = OpenApiTypes.OBJECT


def run_payload(run: JudgeRun) -> dict[str, Any]:
    """A run; amounts in US dollars."""
    return {
        **job_payload(run),
        "judge": run.judge_id,
        "failed": run.failed,
        "skipped": run.skipped,
        "repeats": run.repeats,
        "cap": dollars(run.cap),
        "spent": dollars(run.spent + run.unsettled),
        "reserved": dollars(run.reserved),
    }


@extend_schema(responses={200: OBJECT}, summary="What a run of a judge would ask and cost")
@api_view(["GET"])
def estimated(request: Request, pk: int) -> Response:
    repeats = clean_repeats(request.query_params.get("repeats", 1))
    judge = judge_run_by(request.user, pk)
    known_price(judge)
    return Response(estimate(judge, repeats).payload())


@extend_schema(request=OBJECT, responses={202: OBJECT}, summary="Run a judge over what it has not answered")
@api_view(["POST"])
def run(request: Request, pk: int) -> Response:
    judge, sent = judge_run_by(request.user, pk), body(request)
    cap, repeats = millionths(sent.get("cap")), clean_repeats(sent.get("repeats", 1))
    known_price(judge)
    return Response(run_payload(start_run(judge, signed_in(request.user), cap=cap, repeats=repeats)), status=202)


@extend_schema(responses={200: OBJECT}, summary="The state of a judge run")
@api_view(["GET"])
def judge_run(request: Request, pk: int) -> Response:
    return Response(run_payload(run_seen(request.user, pk)))


@extend_schema(request=None, responses={200: OBJECT}, summary="Cancel a judge run; its answers stay")
@api_view(["POST"])
def cancel(request: Request, pk: int) -> Response:
    found = run_seen(request.user, pk)
    cancel_run(found)
    return Response(run_payload(found))


@extend_schema(request=None, responses={200: OBJECT}, summary="Pause a judge run until it is resumed")
@api_view(["POST"])
def pause(request: Request, pk: int) -> Response:
    found = run_seen(request.user, pk)
    jobs.pause(found)
    return Response(run_payload(found))


@extend_schema(
    request=OBJECT, responses={200: OBJECT}, summary="Go on with a resting run, with a higher cap or without"
)
@api_view(["POST"])
def resume(request: Request, pk: int) -> Response:
    found, sent = run_seen(request.user, pk), body(request)
    resume_run(found, millionths(sent.get("cap")))
    return Response(run_payload(found))
