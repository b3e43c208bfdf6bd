"""What goes with the inconsistency report over HTTP: links, asking again, and imported win rates."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import campaign_run, signed_in
from annotate.api.body import body
from annotate.api.pages import keyset_page
from annotate.errors import Invalid
from annotate.models import Campaign
from routing.access import link_run
from routing.inconsistency import NOTHING
from routing.inconsistency.asking import ask_to_settle
from routing.linking import link, links_of, other_of, unlink
from routing.models import Link
from routing.reports import report_of
from routing.win_rates import forget_win_rates, save_win_rates, win_rates

OBJECT = OpenApiTypes.OBJECT


@extend_schema(methods=["GET"], responses={200: OBJECT}, summary="The campaigns that are compared with this one")
@extend_schema(
    methods=["POST"], request=OBJECT, responses={201: OBJECT}, summary="Link a campaign over the same items: {campaign}"
)
@api_view(["GET", "POST"])
def links(request: Request, slug: str) -> Response:
    campaign = campaign_run(request.user, slug)
    if request.method == "GET":
        return keyset_page(request, links_of(campaign), lambda found: _link(found, campaign))
    other = body(request).get("campaign")
    if not isinstance(other, str) or not other:
        raise Invalid("campaign must be the slug of a campaign over the same items", {"campaign": "a slug"})
    return Response(_link(link(campaign, campaign_run(request.user, other)), campaign), status=201)


def _link(found: Link, campaign: Campaign) -> dict[str, object]:
    return {"id": found.pk, "campaign": other_of(found, campaign).slug}


@extend_schema(request=None, responses={204: None}, summary="Take a link back")
@api_view(["DELETE"])
def link_gone(request: Request, pk: int) -> Response:
    unlink(link_run(request.user, pk))
    return Response(status=204)


@extend_schema(
    request=OBJECT,
    responses={201: OBJECT},
    summary="Ask again about the most inconsistent pairs: {pairs, what: ranking, rating or both, who: others or same}",
)
@api_view(["POST"])
def settle(request: Request, slug: str) -> Response:
    campaign = campaign_run(request.user, slug)
    wanted = body(request)
    rows = (report_of(campaign, "inconsistency") or NOTHING).get("settle", [])
    found = ask_to_settle(
        signed_in(request.user), rows, wanted.get("pairs", 10), wanted.get("what", "both"), wanted.get("who", "others")
    )
    left_out = [{"unit": unit, "why": why} for unit, why in found.left_out.items()]
    return Response({"made": found.made, "pairs": found.pairs, "left_out": left_out}, status=201)


@extend_schema(methods=["GET"], responses={200: OBJECT}, summary="Win rates by feedback and evaluation, 2×2")
@extend_schema(
    methods=["POST"],
    request=OBJECT,
    responses={200: OBJECT},
    summary="Import win rates: {rows: [{trained_on, evaluated_by, wins, ties, losses}]}",
)
@extend_schema(methods=["DELETE"], responses={204: None}, summary="Forget the imported win rates")
@api_view(["GET", "POST", "DELETE"])
def rates(request: Request, slug: str) -> Response:
    campaign = campaign_run(request.user, slug)
    if request.method == "DELETE":
        forget_win_rates(campaign)
        return Response(status=204)
    if request.method == "POST":
        save_win_rates(campaign, body(request).get("rows") or [])
    return Response(win_rates(campaign))
