"""One error shape, whatever went wrong."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.core.management import call_command
from pytest_django import Settings

from annotate.api.errors import handler
from annotate.models import Campaign, User
from annotate.users import token_of
from tests.annotate.api.conftest import Caller
from tests.walking import PART, routes

pytestmark = pytest.mark.django_db


def check(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"].startswith("application/json")
    body: dict[str, Any] = response.json()
    assert set(body) == {"code", "message", "fields"}
    assert body["message"]
    return body


@pytest.mark.parametrize(
    "path",
    [
        "/api/",
        "/api/x",
        "/api/v1/",
        "/api/v1/nothing/",
        "/api/v1/campaigns",
        "/api/v1/imports/x/",
        f"/api/v1/imports/{'9' * 5000}/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_an_unknown_address(boss: Caller, path: str, method: str) -> None:
    assert check(boss(method, path), 404)["code"] == "not_found"


def test_a_method_that_is_not_there(boss: Caller, campaign: Campaign) -> None:
    assert check(boss("delete", "campaigns/pairs/"), 405)["code"] == "method_not_allowed"


def test_nobody_is_asked_to_sign_in(nobody: Caller, campaign: Campaign) -> None:
    for caller in (nobody, Caller("nonsense"), Caller("é")):
        response = caller("post", "campaigns/pairs/claim/")
        check(response, 401)
        assert response["WWW-Authenticate"] == "Token"


def test_a_user_who_was_switched_off_is_nobody(anna: Caller, campaign: Campaign) -> None:
    User.objects.filter(username="anna").update(is_active=False)
    check(anna("post", "campaigns/pairs/claim/"), 401)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"holding": NaN}', 400),
        (b'{"holding": ' + b"9" * 5000 + b"}", 400),
        (b"[]", 422),
        (b'"x"', 422),
        (b'""', 422),
        (b"3", 422),
        (b"false", 422),
        (b"[" * 100_000, 422),
        (b'{"a":' * 200 + b"1" + b"}" * 200, 422),
        (b'{"holding": 3}', 422),
        (b'{"holding": ["1"]}', 422),
        (b'{"holding": [true]}', 422),
        (b'{"x": "a\\u0000b"}', 422),
        (b'{"x": "\\ud800"}', 422),
        (b'{"\\ud800": 1}', 422),
        (b'{"holding": [%d]}' % 10**300, 200),
        (b"null", 200),
        (b"", 200),
    ],
)
def test_a_body_that_is_not_what_was_asked_for(anna: Caller, campaign: Campaign, body: bytes, status: int) -> None:
    response = anna("post", "campaigns/pairs/claim/", body, format=None, content_type="application/json")
    if status == 200:
        assert response.status_code == 200
    else:
        check(response, status)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "nonsense"]
)
def test_another_content_type(anna: Caller, campaign: Campaign, content_type: str) -> None:
    response = anna("post", "campaigns/pairs/claim/", b"holding=1", format=None, content_type=content_type)
    check(response, 415)


def test_more_than_fits(anna: Caller, campaign: Campaign, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert check(anna("post", "campaigns/pairs/claim/", {"x": "y" * 200}), 413)["code"] == "too_large"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RequestDataTooBig(), 413, "too_large"),
        (TooManyFieldsSent(), 413, "too_large"),
        (SuspiciousOperation(), 400, "bad_request"),
    ],
)
def test_what_django_refuses_to_read_has_the_same_shape(error: Exception, status: int, code: str) -> None:
    response = handler(error, {})
    assert (response.status_code, response.data["code"], set(response.data)) == (
        status,
        code,
        {"code", "message", "fields"},
    )


def test_ids_of_things_that_are_not_there(boss: Caller, campaign: Campaign) -> None:
    for path in (f"imports/{2**63}/", "imports/0/", f"judges/{2**70}/report/", f"exports/{2**63 - 1}/"):
        check(boss("get", path), 404)
    check(boss("put", f"assignments/{2**63}/annotation/", {"answers": {}}), 404)


def test_a_campaign_one_only_annotates_is_not_ones_to_run(anna: Caller, campaign: Campaign) -> None:
    assert check(anna("post", "campaigns/pairs/pause/"), 403)["code"] == "not_allowed"


def test_what_nobody_expected_has_the_same_shape(
    boss: Caller, campaign: Campaign, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("annotate.api.campaigns.campaign_payload", lambda *_, **__: 1 / 0)
    assert check(boss("get", "campaigns/pairs/"), 500)["code"] == "internal"
    assert "ZeroDivisionError" in caplog.text


def test_the_schema_describes_every_address_without_a_warning(nobody: Caller, tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    call_command("spectacular", "--fail-on-warn", "--validate", "--format", "openapi-json", "--file", str(path))
    described = json.loads(path.read_text())["paths"]
    api = {"/" + PART.sub("{}", route.template) for route in routes() if route.template.startswith("api/v1/")}
    assert {re.sub(r"{\w+}", "{}", path) for path in described} == api
    assert nobody("get", "/api/schema/").status_code == 200


def test_a_token_is_not_shown_to_others(nobody: Caller, annotator: Any) -> None:
    assert token_of("anna") not in nobody("get", "/api/v1/campaigns/").content.decode()
