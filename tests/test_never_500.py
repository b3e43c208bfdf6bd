"""Whatever the rightful user sends, the API answers; it does not break."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotate.models import User
from tests.strategies import anything
from tests.walking import Things, everything_of, routes

pytestmark = pytest.mark.django_db

WORDS = """slug name guidelines questions views overlap lease_minutes spacing judges user role holding answers reason
    active_seconds revises format file_type options provider config policy budget runs_at_launch""".split()
BODIES = st.fixed_dictionaries({}, optional={word: anything for word in WORDS}) | anything
RAW = [b"", b"{", b"[" * 50_000, b"\xff", b'{"a":' * 150 + b"1" + b"}" * 150, b'"\\u0000"', b"9" * 5000, b"\0"]
QUERIES = ["after=%00", "limit=%F0%9F%98%80", f"after={'9' * 400}", "limit=1e3", "name=%00&mapping=%00", "mapping[]=x"]


@pytest.fixture
def owner(researcher: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(researcher)
    return client


@pytest.fixture
def paths(researcher: User, owner: Client) -> list[str]:
    things: Things = everything_of(researcher, owner)
    return [route.filled(things) for route in routes() if route.template.startswith("api/v1/")]


def broken(client: Client, method: str, path: str, **sent: Any) -> list[tuple[str, str, int]]:
    """What was answered, where that is an error of ours; nothing that was done stays."""
    with transaction.atomic():
        response = getattr(client, method)(path, **sent)
        transaction.set_rollback(True)
    in_shape = response.status_code < 400 or set(response.json()) == {"code", "message", "fields"}
    return [] if response.status_code < 500 and in_shape else [(method, path, response.status_code)]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(body=BODIES)
def test_any_json(owner: Client, paths: list[str], body: Any) -> None:
    for path in paths:
        for method in ("post", "put"):
            assert not broken(owner, method, path, data=body, content_type="application/json")


def test_anything_else(owner: Client, paths: list[str]) -> None:
    for path in paths:
        for raw in RAW:
            for content_type in ("application/json", "multipart/form-data", "text/csv", ""):
                for method in ("post", "put"):
                    assert not broken(owner, method, path, data=raw, content_type=content_type)


def test_any_query(owner: Client, paths: list[str]) -> None:
    for path in paths:
        for query in QUERIES:
            assert not broken(owner, "get", f"{path}?{query}")
            assert not broken(owner, "post", f"{path}?{query}", data="[]", content_type="application/json")
