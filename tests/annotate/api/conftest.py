"""A running campaign, and clients that sign in by token."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from annotate.models import Campaign, User
from annotate.users import token_of
from tests.factories import running_campaign

Client = Callable[..., Any]


class Caller:
    """Calls the API with a token; paths are below /api/v1/."""

    def __init__(self, token: str | None) -> None:
        self.client = APIClient(raise_request_exception=False)
        if token:
            self.client.credentials(HTTP_AUTHORIZATION=f"Token {token}")

    def __call__(self, method: str, path: str, data: Any = None, **extra: Any) -> Any:
        url = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        if data is not None:
            extra = {"data": data, "format": "json", **extra}
        return getattr(self.client, method.lower())(url, **extra)


@pytest.fixture
def boss(researcher: User) -> Caller:
    return Caller(token_of(researcher.username))


@pytest.fixture
def anna(annotator: User) -> Caller:
    return Caller(token_of(annotator.username))


@pytest.fixture
def nobody(db: None) -> Caller:
    return Caller(None)


@pytest.fixture
def campaign(researcher: User, annotator: User) -> Campaign:
    return running_campaign(researcher, 3, [annotator], guidelines="Pick.", overlap=2)
