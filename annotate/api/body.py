"""Request bodies of the API."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from rest_framework.request import Request

from annotate.checking import check_storable
from annotate.errors import Invalid, TooLarge

CHUNK = 1 << 20


def body(request: Request) -> dict[str, Any]:
    """The JSON object that was sent; an empty body is an empty object. Raises `Invalid`, `TooLarge`."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
        raise TooLarge(f"send at most {limit:,} bytes")
    try:
        data = request.data
    except RecursionError as error:
        raise Invalid("the JSON is nested too deeply", {"": "a flatter object"}) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise Invalid("send a JSON object", {"": "an object"})
    check_storable(data, "")
    return data


def chunks(request: Request) -> Iterator[bytes]:
    """The raw body, streamed."""
    while chunk := request._request.read(CHUNK):
        yield chunk


def ids(value: Any, name: str) -> list[int]:
    """A list of ids; absent is empty. Raises `Invalid`."""
    if value is None:
        return []
    if not isinstance(value, list) or any(type(v) is not int for v in value):
        raise Invalid(f"{name} must be a list of ids", {name: "a list of whole numbers"})
    return value
