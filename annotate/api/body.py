"""Request bodies of the API."""

from collections.abc import Iterator
from typing import Any

from rest_framework.request import Request

from annotate.errors import Invalid

CHUNK = 1 << 20


def body(request: Request) -> dict[str, Any]:
    """The JSON object that was sent; an empty body is an empty object. Raises `Invalid`."""
    data = request.data
    if data is None or data == "":
        return {}
    if not isinstance(data, dict):
        raise Invalid("send a JSON object", {"": "an object"})
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
