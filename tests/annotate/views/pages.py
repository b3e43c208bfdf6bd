"""What the tests of pages share."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from annotate.models import User

HTMX = {"HX-Request": "true"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def upload(content: bytes, name: str = "items.jsonl") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def text_of(response: Any) -> str:
    """The page; its white space as the reader sees it."""
    return " ".join(response.content.decode().split())


def question(index: int, kind: str = "pairwise", shows: str = "pair", **settings: Any) -> dict[str, Any]:
    """A question card as a browser posts it."""
    fields: Mapping[str, Any] = {"kind": kind, "kind_was": kind, "shows": shows, "name": "", "title": "", "kept": "{}"}
    return {f"q{index}-{name}": value for name, value in {**fields, **settings}.items()}


def posted(*cards: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """The campaign form as a browser posts it."""
    form: dict[str, Any] = {"name": "Pairs", "slug": "pairs", "who": "people", "overlap": "1", "guidelines": ""}
    form["q"] = [str(index) for index in range(len(cards))]
    for card in cards:
        form |= card
    return form | fields
