import pytest
from django.test import Client, RequestFactory
from django.views.defaults import server_error

from annotate.models import User
from tests.annotate.views.pages import HTMX, signed_in, text_of

pytestmark = pytest.mark.django_db


def test_an_unknown_address_is_a_page_of_ours(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is no such page" in text_of(answer)


def test_an_error_inside_a_fragment_is_a_fragment(researcher: User) -> None:
    answer = signed_in(researcher).get("/campaigns/none/", headers=HTMX)
    assert answer.status_code == 404
    assert text_of(answer).startswith('<div class="note error')
    assert "<html" in text_of(signed_in(researcher).get("/campaigns/none/"))


def test_the_page_for_our_own_failures_needs_nothing() -> None:
    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Something broke on our side" in text_of(answer)


def test_a_form_from_an_old_session_is_explained(researcher: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(researcher)
    answer = client.post("/campaigns/new/", {})
    assert answer.status_code == 403
    assert "This form is too old" in text_of(answer)


def test_no_page_has_inline_script_or_style(researcher: User) -> None:
    client = signed_in(researcher)
    for address in ("/", "/start/", "/campaigns/new/"):
        answer = client.get(address)
        page = text_of(answer)
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert page.count("<script") == page.count('<script src="')
