"""Endpoints: made, changed and tried; their keys go in and never come out."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings
from rest_framework.test import APIClient

from annotate.errors import AnnotateError, Exists, Invalid, WrongState
from annotate.models import Annotator, Organisation, User
from annotate.users import default_organisation
from routing import endpoints
from routing.calling.secrets import decrypt
from routing.endpoints import change_endpoint, create_endpoint, delete_endpoint
from routing.models import Endpoint, Judge
from tests.factories import RATING_EACH, make_campaign, make_user
from tests.routing.judged import judged_campaign
from tests.routing.served import run_served, served_judge
from tests.routing.servers import FaultyServer, ModelServer

KEY = "sk-test-0123456789"


@pytest.fixture
def organisation(db: None) -> Organisation:
    return default_organisation()


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(key=KEY) as running:
        yield running


def judge_of(endpoint: Endpoint) -> Judge:
    campaign = make_campaign(make_user("rita", role="researcher"))
    annotator = Annotator.objects.create(
        campaign=campaign, organisation=campaign.organisation, kind=Annotator.Kind.JUDGE, name="judy"
    )
    return Judge.objects.create(
        campaign=campaign, annotator=annotator, provider="openai", config={"model": "tiny"}, endpoint=endpoint
    )


def test_an_endpoint_is_named_after_its_host_and_hides_its_key(organisation: Organisation, server: ModelServer) -> None:
    made = create_endpoint(organisation, {"url": server.url + "/", "key": f" {KEY} "})
    assert (made.name, made.provider, made.url, made.concurrency) == ("127.0.0.1", "openai", server.url, 8)
    assert KEY not in made.key
    assert decrypt(made.key) == KEY
    again = create_endpoint(organisation, {"url": server.url, "requests_per_minute": "60", "tokens_per_minute": ""})
    assert (again.name, again.requests_per_minute, again.tokens_per_minute) == ("127.0.0.1 2", 60, None)


@pytest.mark.parametrize(
    ("spec", "field", "words"),
    [
        ({}, "url", "give the address"),
        ({"url": "file:///etc/passwd"}, "url", "begins with https"),
        ({"url": "http://10.0.0.1/v1"}, "url", "JUDGE_NETWORKS"),
        ({"url": "http://169.254.169.254/v1"}, "url", "never called"),
        ({"url": "https://no-such-host.invalid/v1"}, "url", "not known here"),
        ({"url": "http://127.0.0.1/v1", "provider": "local"}, "provider", "no provider"),
        ({"url": "http://127.0.0.1/v1", "provider": "opnai"}, "provider", "did you mean openai"),
        ({"url": "http://127.0.0.1/v1", "key": "short"}, "key", "8 to 500"),
        ({"url": "http://127.0.0.1/v1", "key": 7}, "key", "a text"),
        ({"url": "http://127.0.0.1/v1", "name": "x" * 101}, "name", "1 to 100"),
        ({"url": "http://127.0.0.1/v1", "name": "a\0b"}, "name", "1 to 100"),
        ({"url": "http://127.0.0.1/v1", "concurrency": 0}, "concurrency", "from 1 to 1000"),
        ({"url": "http://127.0.0.1/v1", "concurrency": None}, "concurrency", "from 1 to 1000"),
        ({"url": "http://127.0.0.1/v1", "requests_per_minute": True}, "requests_per_minute", "or empty for no limit"),
        ({"url": "http://127.0.0.1/v1", "tokens_per_minute": 2**31}, "tokens_per_minute", "whole number"),
        ({"url": "http://127.0.0.1/v1", "kee": "x"}, "kee", "did you mean key"),
    ],
)
def test_what_cannot_be_names_its_field(
    organisation: Organisation, spec: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        create_endpoint(organisation, spec)
    assert words in refused.value.message
    assert list(refused.value.fields) == [field]
    assert not Endpoint.objects.exists()


def test_a_name_is_taken_once_an_organisation(organisation: Organisation, server: ModelServer) -> None:
    create_endpoint(organisation, {"url": server.url, "name": "ours"})
    with pytest.raises(Exists) as refused:
        create_endpoint(organisation, {"url": server.url, "name": "ours"})
    assert refused.value.fields == {"name": "in use"}
    other = Organisation.objects.create(name="Other")
    assert create_endpoint(other, {"url": server.url, "name": "ours"}).name == "ours"


def test_without_leave_this_machine_is_no_address(
    organisation: Organisation, server: ModelServer, settings: Settings
) -> None:
    settings.JUDGE_NETWORKS = []
    with pytest.raises(Invalid, match=r"JUDGE_NETWORKS, such as 127.0.0.1/32"):
        create_endpoint(organisation, {"url": server.url})


def test_a_key_does_not_follow_to_another_address(organisation: Organisation, server: ModelServer) -> None:
    made = create_endpoint(organisation, {"url": server.url, "key": KEY})
    assert decrypt(change_endpoint(made, {"url": server.url}).key) == KEY
    assert change_endpoint(made, {"url": "http://127.0.0.1:9/v1"}).key == ""
    assert decrypt(change_endpoint(made, {"url": server.url, "key": KEY}).key) == KEY


def test_the_answer_says_that_the_key_is_gone(
    organisation: Organisation, server: ModelServer, researcher: User, api: APIClient
) -> None:
    made = create_endpoint(organisation, {"url": server.url, "key": KEY})
    api.force_authenticate(researcher)
    path = f"/api/v1/endpoints/{made.pk}/"
    assert "note" not in api.patch(path, {"concurrency": 2}, format="json").json()
    answer = api.patch(path, {"url": "http://127.0.0.1:9/v1"}, format="json").json()
    assert answer["has_key"] is False
    assert "the stored key was removed" in answer["note"]


def test_a_change_writes_only_what_it_names(organisation: Organisation, server: ModelServer) -> None:
    stale = create_endpoint(organisation, {"url": server.url})
    Endpoint.objects.update(failures=4, capabilities={"tiny": {"labels": "text"}}, requests_per_minute=7)
    changed = change_endpoint(stale, {"concurrency": 3})
    held = Endpoint.objects.get()
    assert (held.concurrency, held.failures, held.requests_per_minute) == (3, 4, 7)
    assert held.capabilities == changed.capabilities == {"tiny": {"labels": "text"}}
    Endpoint.objects.update(url="http://127.0.0.1:9/v1")
    stale.url = server.url
    with pytest.raises(WrongState, match="moved or deleted meanwhile"):
        change_endpoint(stale, {"key": KEY})


def test_limits_and_key_change_and_a_new_key_closes_the_circuit(
    organisation: Organisation, server: ModelServer
) -> None:
    made = create_endpoint(organisation, {"url": server.url, "key": KEY, "requests_per_minute": 5})
    Endpoint.objects.update(failures=9, openings=2)
    made.refresh_from_db()
    change_endpoint(made, {"concurrency": 2})
    made.refresh_from_db()
    assert (made.concurrency, made.requests_per_minute, made.failures, decrypt(made.key)) == (2, 5, 9, KEY)
    change_endpoint(made, {"key": "sk-other-987654321", "requests_per_minute": None})
    made.refresh_from_db()
    assert (made.failures, made.requests_per_minute, decrypt(made.key)) == (0, None, "sk-other-987654321")
    change_endpoint(made, {"key": ""})
    made.refresh_from_db()
    assert made.key == ""


def test_the_address_stays_once_a_judge_uses_it(organisation: Organisation, server: ModelServer) -> None:
    made = create_endpoint(organisation, {"url": server.url})
    made.capabilities = {"tiny": {}}
    change_endpoint(made, {"url": server.address + "/v2"})
    made.refresh_from_db()
    assert (made.url, made.capabilities) == (server.address + "/v2", {})
    judge = judge_of(made)
    with pytest.raises(WrongState, match="make another endpoint"):
        change_endpoint(made, {"url": server.url})
    change_endpoint(made, {"url": server.address + "/v2/", "name": "renamed"})
    with pytest.raises(WrongState, match="used by a judge"):
        delete_endpoint(made)
    judge.delete()
    delete_endpoint(made)
    assert not Endpoint.objects.exists()


def test_trying_an_endpoint_says_what_it_can_and_remembers_it(organisation: Organisation, server: ModelServer) -> None:
    made = create_endpoint(organisation, {"url": server.url, "key": KEY})
    result = endpoints.test_endpoint(made, "")
    assert (result["ok"], result["model"], result["models"], result["problem"]) == (True, "tiny", ["tiny"], "")
    assert "holds answers to a JSON schema" in result["found"]
    made.refresh_from_db()
    assert made.capabilities["tiny"]["structured"] == "json_schema"


@pytest.mark.parametrize(
    ("options", "model", "problem"),
    [
        ({"models": ("a", "b")}, "", "name the model"),
        ({"models": ("a", "b")}, "c", "no such address or model"),
        ({"key": "sk-another-key"}, "", "does not accept the key"),
        ({"key": "sk-another-key"}, "tiny", "does not accept the key"),
    ],
)
def test_trying_says_what_is_wrong(
    organisation: Organisation, options: dict[str, Any], model: str, problem: str
) -> None:
    with ModelServer(**options) as server:
        made = create_endpoint(organisation, {"url": server.url, "key": KEY})
        result = endpoints.test_endpoint(made, model)
    assert (result["ok"], made.capabilities) == (False, {})
    assert problem in result["problem"]
    with ModelServer() as gone:
        made.url = gone.url
    assert "could not be reached" in endpoints.test_endpoint(made, "tiny")["problem"]


def test_a_key_that_a_server_echoes_is_nowhere(
    organisation: Organisation, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    """In no row of the database, no log, no message: not of what is stored, tried, refused or listed."""
    said = []
    with caplog.at_level(logging.DEBUG), FaultyServer(always="echoes_key", models=(KEY, "tiny")) as server:
        made = create_endpoint(organisation, {"url": server.url, "key": KEY})
        said += [repr(made), str(made), repr(endpoints.test_endpoint(made, "tiny"))]
        with pytest.raises(AnnotateError) as refused:
            change_endpoint(made, {"key": KEY + " with more"})
        said.append(refused.value.message + repr(refused.value.fields))
    with connection.cursor() as cursor:
        cursor.execute("SELECT e::text FROM routing_endpoint e")
        said += [row[0] for row in cursor.fetchall()]
    assert len(server.requests) > 1, "the server saw the key"
    assert KEY not in "".join(said) + caplog.text
    assert "[key]" in "".join(said)


def test_keys_are_stored_anew_by_command(organisation: Organisation, server: ModelServer, settings: Settings) -> None:
    settings.ENCRYPTION_KEY = "old"
    made = create_endpoint(organisation, {"url": server.url, "key": KEY})
    settings.ENCRYPTION_KEY = "new,old"
    call_command("rotate_keys")
    settings.ENCRYPTION_KEY = "new"
    made.refresh_from_db()
    assert decrypt(made.key) == KEY
    settings.ENCRYPTION_KEY = "another"
    with pytest.raises(CommandError, match="enter it again"):
        call_command("rotate_keys")


def test_a_run_leaves_the_key_nowhere(researcher: User, caplog: pytest.LogCaptureFixture) -> None:
    """The server echoes it in errors, in escapes and in its answers; then every table and every log is searched."""
    faults = ["echoes_key", "echoes_key_escaped"]
    with caplog.at_level(logging.DEBUG), FaultyServer(faults, answer=f"My key is {KEY}.\nAnswer: 5") as server:
        judge = served_judge(judged_campaign(researcher, [("one", "two")], RATING_EACH), server)
        assert judge.endpoint is not None
        change_endpoint(judge.endpoint, {"key": KEY})
        run = run_served(judge)
    assert (run.state, run.done) == ("done", 2)
    assert any(KEY in seen.headers["authorization"] for seen in server.requests)
    stored = everything_stored()
    assert "My key is [key]." in stored
    assert "not with Bearer [key]" in stored
    assert KEY not in stored + caplog.text


def everything_stored() -> str:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows)
