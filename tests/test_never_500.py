"""Whatever the rightful user sends, the API answers; it does not break."""

import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotate.models import User
from tests.strategies import anything
from tests.walking import everything_of, routes

pytestmark = pytest.mark.django_db

WORDS = [
    *("slug", "name", "guidelines", "questions", "views", "overlap", "lease_minutes", "spacing", "judges"),
    *("user", "role", "holding", "answers", "reason", "active_seconds", "revises", "note", "aids", "resolution"),
    *("format", "file_type", "options", "provider", "config", "policy", "budget", "runs_at_launch"),
    *("units", "who", "unit", "question", "answer", "action", "weight", "ask_others", "pairs", "what", "campaign"),
    *("rows", "trained_on", "evaluated_by", "wins", "ties", "losses", "arms", "consensus", "purpose"),
    *("cap", "repeats", "protocols", "endpoint", "price", "too_long", "url", "key", "model", "input", "output"),
]
BODIES = st.fixed_dictionaries({}, optional=dict.fromkeys(WORDS, anything)) | anything
RAW = [b"", b"{", b"[" * 50_000, b"\xff", b'{"a":' * 150 + b"1" + b"}" * 150, b'"\\u0000"', b"9" * 5000, b"\0"]
CONTENT_TYPES = ["multipart/form-data", "application/x-www-form-urlencoded", "text/csv", "nonsense", ""]
VALUES = ["\0", "x" * 5000, "-1", "9" * 5000, "{", "nan", "\ud800", "\U0001f642"]
FIELD = re.compile(rb'name="([^"]+)"')
QUERIES = [
    "question=%00&why=%00&from=%00&measure=%00&annotators=%00&model=%00",
    "after=%00",
    "limit=%F0%9F%98%80",
    f"after={'9' * 400}",
    "limit=1e3",
    "name=%00&mapping=%00",
    "mapping[]=x",
]


@pytest.fixture
def owner(researcher: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(researcher)
    return client


@pytest.fixture
def addresses(researcher: User, owner: Client) -> list[str]:
    things = everything_of(researcher, owner)
    return [route.filled(things) for route in routes()]


@pytest.fixture
def api(addresses: list[str]) -> list[str]:
    return [path for path in addresses if path.startswith("/api/v1/")]


@pytest.fixture
def pages(addresses: list[str]) -> list[str]:
    return [path for path in addresses if not path.startswith("/api/") and path != "/logout/"]


def broken(client: Client, method: str, path: str, **sent: Any) -> list[tuple[str, str, int]]:
    """What was answered, where that is an error of ours; nothing that was done stays."""
    with transaction.atomic():
        response = getattr(client, method)(path, **sent)
        transaction.set_rollback(True)
    is_error = path.startswith("/api/") and response.status_code >= 400
    in_shape = not is_error or set(response.json()) == {"code", "message", "fields"}
    return [] if response.status_code < 500 and in_shape else [(method, path, response.status_code)]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(body=BODIES)
def test_any_json(owner: Client, api: list[str], body: Any) -> None:
    for path in api:
        for method in ("post", "put"):
            assert not broken(owner, method, path, data=body, content_type="application/json")


def test_anything_else(owner: Client, api: list[str]) -> None:
    kinds = [("application/json", raw) for raw in RAW] + [(other, b"a=1") for other in CONTENT_TYPES]
    for path in api:
        for content_type, raw in kinds:
            for method in ("post", "put"):
                assert not broken(owner, method, path, data=raw, content_type=content_type)


def test_any_query(owner: Client, api: list[str]) -> None:
    for path in api:
        for query in QUERIES:
            assert not broken(owner, "get", f"{path}?{query}")
            assert not broken(owner, "post", f"{path}?{query}", data="[]", content_type="application/json")


def content_of(response: Any) -> bytes:
    return b"".join(response) if response.streaming else bytes(response.content)


def test_any_form(owner: Client, pages: list[str]) -> None:
    """The fields of each page's own forms, all filled in with the same nonsense."""
    wrong = []
    for path in pages:
        wrong += [problem for query in QUERIES for problem in broken(owner, "get", f"{path}?{query}")]
        names = {name.decode() for name in FIELD.findall(content_of(owner.get(path)))} | {"reason", "change"}
        for value in VALUES:
            sent = value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
            wrong += broken(owner, "post", path, data=dict.fromkeys(names, sent))
    assert wrong == []
