"""Campaigns, members and imports over HTTP."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, parser_classes
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import campaign_run, campaign_seen, campaigns_seen_by, import_run, runs, signed_in
from annotate.api.body import body, chunks
from annotate.api.pages import keyset_page
from annotate.api.payloads import campaign_payload, import_payload
from annotate.campaigns import add_user, change_state, create_campaign, revise_campaign
from annotate.importing.mapping import mapping
from annotate.importing.run import keep_upload, start_import
from annotate.jobs import cancel
from annotate.models import Member

OBJECT = OpenApiTypes.OBJECT


@extend_schema(
    methods=["GET"],
    operation_id="v1_campaigns_list",
    responses={200: OBJECT},
    summary="Your campaigns, a page at a time",
)
@extend_schema(methods=["POST"], request=OBJECT, responses={201: OBJECT}, summary="Create a campaign")
@api_view(["GET", "POST"])
def campaigns(request: Request) -> Response:
    if request.method == "POST":
        campaign = create_campaign(signed_in(request.user), body(request))
        return Response(campaign_payload(campaign), status=201)
    return keyset_page(
        request,
        campaigns_seen_by(request.user),
        lambda c: {"id": c.pk, "slug": c.slug, "name": c.name, "state": c.state},
    )


@extend_schema(methods=["GET"], responses={200: OBJECT}, summary="A campaign with its progress")
@extend_schema(methods=["PUT"], request=OBJECT, responses={200: OBJECT}, summary="A new version of a campaign")
@api_view(["GET", "PUT"])
def campaign(request: Request, slug: str) -> Response:
    if request.method == "PUT":
        found = campaign_run(request.user, slug)
        revise_campaign(found, body(request))
        return Response(campaign_payload(campaign_run(request.user, slug)))
    found = campaign_seen(request.user, slug)
    return Response(campaign_payload(found, runs(request.user, found)))


@extend_schema(request=OBJECT, responses={202: OBJECT}, summary="Import items: a JSON array or NDJSON")
@api_view(["POST"])
@parser_classes([])
def items(request: Request, slug: str) -> Response:
    found = campaign_run(request.user, slug)
    name = request.query_params.get("name", "items")
    chosen = mapping(request.query_params.get("mapping", "crosscheck")).name
    job = start_import(
        found,
        signed_in(request.user),
        keep_upload(chunks(request), name),
        name,
        mapping_name=chosen,
    )
    return Response({"id": job.pk, "url": request.build_absolute_uri(f"/api/v1/imports/{job.pk}/")}, status=202)


@extend_schema(responses={200: OBJECT}, summary="The state of an import")
@api_view(["GET"])
def import_job(request: Request, pk: int) -> Response:
    return Response(import_payload(import_run(request.user, pk)))


@extend_schema(request=None, responses={200: OBJECT}, summary="Cancel an import; what is in stays")
@api_view(["POST"])
def cancel_import(request: Request, pk: int) -> Response:
    job = import_run(request.user, pk)
    cancel(job)
    return Response(import_payload(job))


@extend_schema(request=None, responses={200: OBJECT}, summary="Launch, pause, close or reopen a campaign")
@api_view(["POST"])
def change(request: Request, slug: str, what: str) -> Response:
    return Response(campaign_payload(change_state(campaign_run(request.user, slug), what)))


@extend_schema(methods=["GET"], responses={200: OBJECT}, summary="The members of a campaign")
@extend_schema(methods=["POST"], request=OBJECT, responses={201: OBJECT}, summary="Add a member, or change a role")
@api_view(["GET", "POST"])
def members(request: Request, slug: str) -> Response:
    found = campaign_run(request.user, slug)
    if request.method == "POST":
        sent = body(request)
        member = add_user(found, str(sent.get("user", "")), sent.get("role", Member.Role.ANNOTATOR))
        return Response(_member(member), status=201)
    return keyset_page(request, found.members.select_related("annotator"), _member)


def _member(member: Member) -> dict[str, object]:
    return {"id": member.pk, "user": member.annotator.name, "kind": member.annotator.kind, "role": member.role}
