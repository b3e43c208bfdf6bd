"""Pictures that items show, over HTTP."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, parser_classes
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import campaign_run
from annotate.api.pages import keyset_page
from annotate.errors import Invalid
from annotate.images import add_images
from annotate.models import Image

OBJECT = OpenApiTypes.OBJECT


@extend_schema(methods=["GET"], responses={200: OBJECT}, summary="The pictures of a campaign")
@extend_schema(methods=["POST"], request=OBJECT, responses={201: OBJECT}, summary="Add pictures (multipart, or zips)")
@api_view(["GET", "POST"])
@parser_classes([MultiPartParser])
def images(request: Request, slug: str) -> Response:
    campaign = campaign_run(request.user, slug)
    if request.method == "GET":
        return keyset_page(request, campaign.images.all(), _payload)
    files = [file for _, sent in request.FILES.lists() for file in sent]
    if not files:
        raise Invalid("send at least one picture as multipart/form-data", {"file": "a picture, or a zip of pictures"})
    added = add_images(campaign, [(file.name or "", file) for file in files])
    if not added.images:
        raise Invalid("no picture was added", added.refused)
    return Response({"images": [_payload(image) for image in added.images], "refused": added.refused}, status=201)


def _payload(image: Image) -> dict[str, Any]:
    return {
        "name": image.name,
        "address": f"upload:{image.name}",
        "content_type": image.content_type,
        "width": image.width,
        "height": image.height,
    }
