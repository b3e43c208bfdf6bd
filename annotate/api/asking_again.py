"""Asking people again about units, over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import campaign_run, signed_in
from annotate.api.body import body, ids
from annotate.api.campaigns import OBJECT
from annotate.api.pages import keyset_page
from annotate.asking_again import LARGEST_ID, OTHERS, SAME, asked_again, cancel_again
from annotate.asking_again import ask_again as ask_units_again
from annotate.errors import Invalid
from annotate.models import Assignment


@extend_schema(
    methods=["GET"],
    operation_id="v1_campaigns_ask_again_list",
    responses={200: OBJECT},
    summary="What was asked again and waits for an answer, a page at a time",
)
@extend_schema(
    methods=["POST"],
    request=OBJECT,
    responses={201: OBJECT},
    summary="Ask others, or the same people, again",
)
@api_view(["GET", "POST"])
def ask_again(request: Request, slug: str) -> Response:
    campaign = campaign_run(request.user, slug)
    if request.method == "GET":
        return keyset_page(request, asked_again(campaign), _payload)
    sent = body(request)
    asked = ask_units_again(campaign, ids(sent.get("units"), "units"), sent.get("who", OTHERS), signed_in(request.user))
    left_out = [{"unit": unit, "reason": reason} for unit, reason in asked.left_out.items()]
    return Response({"made": asked.made, "left_out": left_out}, status=201 if asked.made else 200)


@extend_schema(request=OBJECT, responses={200: OBJECT}, summary="Take back what was asked again and nobody has begun")
@api_view(["POST"])
def cancel(request: Request, slug: str) -> Response:
    campaign, sent = campaign_run(request.user, slug), body(request)
    units = ids(sent["units"], "units") if "units" in sent else None
    if units is not None and not all(0 < pk < LARGEST_ID for pk in units):
        raise Invalid("units must be ids of units", {"units": "ids of units"})
    return Response({"cancelled": cancel_again(campaign, units)})


def _payload(row: Assignment) -> dict[str, Any]:
    return {
        "id": row.pk,
        "unit": row.unit_id,
        "item": row.unit.item.key,
        "view": row.unit.view.name,
        "keys": row.unit.keys,
        "who": SAME if row.slot is None else OTHERS,
        "annotator": row.reserved_for.name if row.reserved_for else None,
        "state": row.state,
    }
