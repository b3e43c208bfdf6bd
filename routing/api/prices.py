"""The price table of an organisation over HTTP."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.api.body import body
from annotate.api.pages import keyset_page
from routing.access import organisation_run, price_run
from routing.models import Price
from routing.pricing import change_price, create_price

OBJECT = OpenApiTypes.OBJECT


def price_payload(price: Price) -> dict[str, Any]:
    """Amounts are US dollars a million tokens."""
    return {"id": price.pk, "model": price.model, "input": float(price.input), "output": float(price.output)}


@extend_schema(
    operation_id="v1_prices_list",
    methods=["GET"],
    responses={200: OBJECT},
    summary="What models cost your organisation",
)
@extend_schema(methods=["POST"], request=OBJECT, responses={201: OBJECT}, summary="Add the price of a model")
@api_view(["GET", "POST"])
def prices(request: Request) -> Response:
    organisation = organisation_run(request.user)
    if request.method == "POST":
        return Response(price_payload(create_price(organisation, body(request))), status=201)
    return keyset_page(request, organisation.prices.all(), price_payload)


@extend_schema(methods=["GET"], responses={200: OBJECT}, summary="The price of a model")
@extend_schema(methods=["PUT"], request=OBJECT, responses={200: OBJECT}, summary="Change the price of a model")
@extend_schema(methods=["DELETE"], responses={204: None}, summary="Forget the price of a model")
@api_view(["GET", "PUT", "DELETE"])
def price(request: Request, pk: int) -> Response:
    found = price_run(request.user, pk)
    if request.method == "DELETE":
        found.delete()
        return Response(status=204)
    if request.method == "PUT":
        change_price(found, body(request))
    return Response(price_payload(found))
