"""Calibrations, certificates and the cascade over HTTP."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import campaign_run, signed_in
from annotate.api.body import body
from annotate.api.pages import keyset_page
from annotate.errors import NotFound
from routing.access import judge_run_by
from routing.models import Calibration, Cascade, Certificate
from routing.trust.calibrating import calibrate
from routing.trust.certifying import certify
from routing.trust.setting_up import set_cascade

OBJECT = OpenApiTypes.OBJECT
CALIBRATION = ("id", "question", "temperature", "offset", "tie_band", "n", "clusters", "figures")
CERTIFICATE = (
    *("id", "question", "look", "target", "delta", "threshold", "n", "errors", "bound", "coverage"),
    *("reference", "reason", "path", "suspended_because"),
)
CASCADE = ("question", "judges", "target", "delta", "audit_share", "enabled")


def calibration_payload(found: Calibration) -> dict[str, Any]:
    return {name: getattr(found, name) for name in CALIBRATION}


def certificate_payload(found: Certificate) -> dict[str, Any]:
    return {name: getattr(found, name) for name in CERTIFICATE}


def cascade_payload(found: Cascade) -> dict[str, Any]:
    return {name: getattr(found, name) for name in CASCADE}


@extend_schema(methods=["GET"], responses={200: OBJECT}, summary="The calibrations of a judge, newest first")
@extend_schema(methods=["POST"], request=OBJECT, responses={201: OBJECT}, summary="Calibrate on people's labels")
@api_view(["GET", "POST"])
def calibrations(request: Request, pk: int) -> Response:
    judge = judge_run_by(request.user, pk)
    if request.method == "POST":
        found = calibrate(judge, str(body(request).get("question", "")), signed_in(request.user))
        return Response(calibration_payload(found), status=201)
    return keyset_page(request, judge.calibrations.all(), calibration_payload)


@extend_schema(methods=["GET"], responses={200: OBJECT}, summary="The certificates of a judge, newest first")
@extend_schema(methods=["POST"], request=OBJECT, responses={201: OBJECT}, summary="One more look at a judge's promise")
@api_view(["GET", "POST"])
def certificates(request: Request, pk: int) -> Response:
    judge = judge_run_by(request.user, pk)
    if request.method == "POST":
        sent = body(request)
        user = signed_in(request.user)
        found = certify(judge, str(sent.get("question", "")), sent.get("target"), sent.get("delta"), user)
        return Response(certificate_payload(found), status=201)
    return keyset_page(request, judge.certificates.all(), certificate_payload)


@extend_schema(methods=["GET"], responses={200: OBJECT}, summary="The cascade of a campaign")
@extend_schema(methods=["PUT"], request=OBJECT, responses={200: OBJECT}, summary="Set the cascade, on or off")
@api_view(["GET", "PUT"])
def cascade(request: Request, slug: str) -> Response:
    campaign = campaign_run(request.user, slug)
    if request.method == "PUT":
        return Response(cascade_payload(set_cascade(campaign, body(request))))
    found = Cascade.objects.filter(campaign=campaign).first()
    if found is None:
        raise NotFound("this campaign has no cascade yet; PUT one here")
    return Response(cascade_payload(found))
