"""How a user has his pages: what is kept, what is refused, and that every page follows it."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotate.display import SETTINGS
from annotate.models import User
from tests.factories import running_campaign

pytestmark = pytest.mark.django_db

SCRIPT: Any = {"HTTP_ACCEPT": "application/json"}
DARK = {"theme": "dark", "size": "large"}


@pytest.fixture
def anna(annotator: User, client: Client) -> Client:
    client.force_login(annotator)
    return client


def post_json(client: Client, value: Any) -> Any:
    return client.post(reverse("display"), json.dumps(value), content_type="application/json")


def test_what_is_kept_stands_on_every_page_as_the_server_sends_it(
    anna: Client, annotator: User, researcher: User
) -> None:
    running_campaign(researcher, 1, [annotator], slug="pairs")
    assert anna.post(reverse("display"), DARK, **SCRIPT).json()["theme"] == "dark"
    for path in ("/", "/campaigns/pairs/annotate/", "/me/display/", "/nothing/"):
        html = anna.get(path).content.decode()
        assert 'data-theme="dark"' in html, path
        assert 'data-size="large"' in html, path
        assert '<meta name="color-scheme" content="dark">' in html, path


def test_a_change_leaves_the_other_settings_and_preferences_alone(anna: Client, annotator: User) -> None:
    User.objects.filter(pk=annotator.pk).update(preferences={"keys": {"skip": "x"}})
    assert post_json(anna, DARK).status_code == 200
    assert post_json(anna, {"layout": "stacked"}).json() == {
        **{setting.name: setting.default for setting in SETTINGS},
        **DARK,
        "layout": "stacked",
    }
    annotator.refresh_from_db()
    assert annotator.preferences["keys"] == {"skip": "x"}


@pytest.mark.parametrize("wrong", [{"theme": "pink"}, {"size": 3}, {"sync": ["on"]}, {"layout": None}])
def test_an_unknown_value_is_refused_by_name_and_nothing_changes(
    anna: Client, annotator: User, wrong: dict[str, Any]
) -> None:
    answer = post_json(anna, wrong)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == list(wrong)
    annotator.refresh_from_db()
    assert annotator.preferences == {}


@pytest.mark.parametrize("body", [b" ", b"[]", b"{", b"\xff", b"[" * 50_000])
def test_what_is_no_object_is_refused(anna: Client, body: bytes) -> None:
    assert anna.post(reverse("display"), body, content_type="application/json").status_code == 422


def test_without_script_it_is_a_form_that_leads_back_to_a_page_of_ours(anna: Client) -> None:
    assert 'value="system" checked' in anna.get(reverse("display")).content.decode()
    assert anna.post(reverse("display"), {"theme": "light", "next": "/"})["Location"] == "/"
    elsewhere = anna.post(reverse("display"), {"theme": "light", "next": "https://elsewhere.example/"})
    assert elsewhere["Location"] == reverse("display")


def test_those_who_are_not_signed_in_have_the_defaults(client: Client) -> None:
    assert "data-theme" not in client.get(reverse("login")).content.decode()
    assert client.post(reverse("display"), DARK)["Location"].startswith(reverse("login"))
