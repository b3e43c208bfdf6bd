import pytest
from django.test import Client

from annotate.models import User
from tests.annotate.views.pages import HTMX, signed_in, text_of

pytestmark = pytest.mark.django_db


def test_the_first_page_asks_to_sign_in_and_then_comes_back(client: Client, researcher: User) -> None:
    assert client.get("/").headers["Location"] == "/login/?next=/"
    answer = client.post("/login/", {"username": "rita", "password": "correct horse battery", "next": "/start/"})
    assert answer.headers["Location"] == "/start/"


def test_a_wrong_password_says_so_and_keeps_the_name(client: Client, researcher: User) -> None:
    page = text_of(client.post("/login/", {"username": "rita", "password": "wrong"}))
    assert "do not go together" in page
    assert 'value="rita"' in page


def test_signing_out_is_a_post(researcher: User) -> None:
    client = signed_in(researcher)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/").status_code == 302


def test_a_fragment_whose_session_ended_sends_the_whole_page_to_sign_in(client: Client) -> None:
    headers = {**HTMX, "HX-Current-URL": "http://testserver/campaigns/pairs/"}
    answer = client.get("/login/", headers=headers)
    assert answer.headers["HX-Redirect"] == "/login/?next=%2Fcampaigns%2Fpairs%2F"
