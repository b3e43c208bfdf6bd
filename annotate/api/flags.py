"""Calling the researchers to an item, and what they do about it, over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import assignment_seen, campaign_run, flag_run, signed_in
from annotate.api.body import body
from annotate.api.campaigns import OBJECT
from annotate.api.pages import keyset_page
from annotate.api.payloads import flag_payload
from annotate.campaigns import annotator_of
from annotate.flagging import flag as flag_assignment
from annotate.resolving import resolve as resolve_flag


@extend_schema(request=OBJECT, responses={200: OBJECT}, summary="Call the researchers to an item")
@api_view(["POST"])
def flag(request: Request, pk: int) -> Response:
    sent = body(request)
    made = flag_assignment(*assignment_seen(request.user, pk), sent.get("reason"), sent.get("note") or "")
    return Response({"flagged": pk, "reason": made.reason, "then": made.then})


@extend_schema(responses={200: OBJECT}, summary="The flags of a campaign; `?open=1` leaves out the resolved ones")
@api_view(["GET"])
def flags(request: Request, slug: str) -> Response:
    rows = campaign_run(request.user, slug).flags.select_related("item", "unit__view", "annotator", "resolved_by")
    if request.query_params.get("open"):
        rows = rows.filter(resolved_at=None)
    return keyset_page(request, rows, flag_payload)


@extend_schema(request=OBJECT, responses={200: OBJECT}, summary="Answer, give back, leave out, put back, or close")
@api_view(["POST"])
def resolve(request: Request, pk: int) -> Response:
    found = flag_run(request.user, pk)
    row = resolve_flag(found, annotator_of(signed_in(request.user)), body(request).get("resolution"))
    payload = flag_payload(flag_run(request.user, pk))
    return Response({"flag": payload, "assignment": row.pk if row else None})
