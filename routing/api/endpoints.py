"""The endpoints of an organisation over HTTP. Keys go in and never come out."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.api.body import body
from annotate.api.pages import keyset_page
from routing.access import endpoint_run, organisation_run
from routing.endpoints import change_endpoint, create_endpoint, delete_endpoint, test_endpoint
from routing.models import Endpoint

OBJECT = OpenApiTypes.OBJECT
KEY_GONE = "the address changed, so the stored key was removed; give the key of the server at the new address"


def endpoint_payload(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.pk,
        "name": endpoint.name,
        "provider": endpoint.provider,
        "url": endpoint.url,
        "has_key": bool(endpoint.key),
        "requests_per_minute": endpoint.requests_per_minute,
        "tokens_per_minute": endpoint.tokens_per_minute,
        "concurrency": endpoint.concurrency,
        "capabilities": endpoint.capabilities,
        "failures": endpoint.failures,
        "open_until": endpoint.open_until,
    }


@extend_schema(
    operation_id="v1_endpoints_list",
    methods=["GET"],
    responses={200: OBJECT},
    summary="The endpoints of your organisation",
)
@extend_schema(methods=["POST"], request=OBJECT, responses={201: OBJECT}, summary="Add an endpoint")
@api_view(["GET", "POST"])
def endpoints(request: Request) -> Response:
    organisation = organisation_run(request.user)
    if request.method == "POST":
        return Response(endpoint_payload(create_endpoint(organisation, body(request))), status=201)
    return keyset_page(request, organisation.endpoints.all(), endpoint_payload)


@extend_schema(methods=["GET"], responses={200: OBJECT}, summary="An endpoint with its health")
@extend_schema(methods=["PATCH"], request=OBJECT, responses={200: OBJECT}, summary="Change limits, replace the key")
@extend_schema(methods=["DELETE"], responses={204: None}, summary="Delete an endpoint that no judge uses")
@api_view(["GET", "PATCH", "DELETE"])
def endpoint(request: Request, pk: int) -> Response:
    found = endpoint_run(request.user, pk)
    if request.method == "DELETE":
        delete_endpoint(found)
        return Response(status=204)
    if request.method == "PATCH":
        had_key, url = bool(found.key), found.url
        change_endpoint(found, body(request))
        gone = had_key and not found.key and found.url != url
        return Response(endpoint_payload(found) | ({"note": KEY_GONE} if gone else {}))
    return Response(endpoint_payload(found))


@extend_schema(request=OBJECT, responses={200: OBJECT}, summary="Try an endpoint: address, key, models, what it can")
@api_view(["POST"])
def tested(request: Request, pk: int) -> Response:
    found = endpoint_run(request.user, pk)
    return Response(test_endpoint(found, str(body(request).get("model") or "")))
