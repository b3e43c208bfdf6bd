"""Servers and prices of an organisation: pages that its researchers share."""

import pytest
from django.test import Client

from annotate.models import Organisation, User
from routing.endpoints import create_endpoint
from routing.models import Endpoint, Price
from routing.pricing import create_price
from tests.factories import PAIRWISE_PAIR, make_user
from tests.routing.judged import judged_campaign
from tests.routing.servers.model_server import ModelServer
from tests.routing.test_estimating import served

pytestmark = pytest.mark.django_db
KEY = "sk-very-secret-1234"


def page(browser: Client, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_server_is_added_tested_changed_and_deleted(browser: Client, researcher: User) -> None:
    assert "No server yet" in page(browser, "/endpoints/")
    with ModelServer(key=KEY) as server:
        added = browser.post("/endpoints/", {"provider": "openai", "url": server.url, "name": "ours", "key": KEY})
        url = added["Location"]
        assert "Not tested yet" in page(browser, url)
        found = browser.post(f"{url}test/", {"model": ""}, headers={"HX-Request": "true"}).content.decode()
        assert "<b>tiny</b> answers" in found
        browser.post(url, {"replace_key": "1", "key": "sk-another-1234"})
        assert "The server does not accept the key" in browser.post(f"{url}test/", {"model": "tiny"}).content.decode()
    assert "holds answers to a JSON schema" in page(browser, url)
    limits = {"requests_per_minute": "60", "tokens_per_minute": "", "concurrency": "3"}
    browser.post(url, {"name": "theirs", **limits})
    endpoint = Endpoint.objects.get()
    assert (endpoint.name, endpoint.requests_per_minute, endpoint.concurrency) == ("theirs", 60, 3)
    assert "3 calls at once, 60 requests a minute" in page(browser, "/endpoints/")
    browser.post(url, {"name": "theirs", "requests_per_minute": "", "tokens_per_minute": "", "concurrency": ""})
    endpoint.refresh_from_db()
    assert (endpoint.requests_per_minute, endpoint.concurrency, bool(endpoint.key)) == (None, 3, True)
    browser.post(f"{url}delete/")
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("url", "ftp://x", "http"),
        ("url", "", "give the address"),
        ("name", "n" * 101, "1 to 100 characters"),
        ("key", "short", "a key has"),
        ("concurrency", "0", "a whole number from 1"),
        ("requests_per_minute", "many", "a whole number from 1"),
        ("provider", "scripted", 'id="id_provider_error"'),
    ],
)
def test_a_server_that_cannot_be_is_refused_beside_the_field(
    browser: Client, field: str, value: str, message: str
) -> None:
    sent = {"provider": "openai", "url": "http://127.0.0.1:9/v1", "name": "typed"} | {field: value}
    answer = browser.post("/endpoints/", sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert message in text
    assert f'name="name" value="{sent["name"]}"' in text
    assert not Endpoint.objects.exists()


def test_a_server_in_use_stays_and_names_only_the_campaigns_that_one_runs(browser: Client, researcher: User) -> None:
    other = make_user("rosa", "researcher")
    with ModelServer() as server:
        judge = served(judged_campaign(other, 1, PAIRWISE_PAIR, name="Hers"), server)
    assert judge.endpoint
    url = f"/endpoints/{judge.endpoint.pk}/"
    text = page(browser, url)
    assert "1 judge of other campaigns" in text
    assert "Hers" not in text
    assert "Delete the server" not in text
    browser.post(f"{url}delete/")
    assert "is used by a judge and stays" in page(browser, url)
    browser.force_login(other)
    assert "served</a> in Hers" in page(browser, url)


def test_prices_are_added_changed_and_deleted(browser: Client) -> None:
    browser.post("/prices/", {"model": "big", "input": "2,50", "output": "10"})
    row = Price.objects.get()
    assert (row.model, float(row.input), float(row.output)) == ("big", 2.5, 10)
    assert 'name="input" value="2.5"' in page(browser, "/prices/")
    again = browser.post("/prices/", {"model": "big", "input": "3", "output": "4"})
    assert again.status_code == 409
    assert "has a price already" in again.content.decode()
    wrong = browser.post(f"/prices/{row.pk}/", {"input": "-1", "output": "4"})
    assert wrong.status_code == 422
    assert 'name="input" value="-1"' in wrong.content.decode()
    browser.post(f"/prices/{row.pk}/", {"input": "0", "output": "4"})
    row.refresh_from_db()
    assert (float(row.input), float(row.output)) == (0, 4)
    browser.post(f"/prices/{row.pk}/", {"delete": "1"})
    assert not Price.objects.exists()


@pytest.mark.parametrize("value", ["", "x", "nan", "inf", "-1", "1e999", "100001", "\0"])
def test_odd_prices_are_refused(browser: Client, value: str) -> None:
    answer = browser.post("/prices/", {"model": "m", "input": value, "output": "1"})
    assert answer.status_code == 422
    assert not Price.objects.exists()


def test_another_organisations_servers_and_prices_do_not_exist(browser: Client) -> None:
    elsewhere = Organisation.objects.create(name="Elsewhere")
    endpoint = create_endpoint(elsewhere, {"url": "http://127.0.0.1:9/v1", "name": "Elsewhere-server"})
    price = create_price(elsewhere, {"model": "Elsewhere-model", "input": 1, "output": 1})
    for url in (f"/endpoints/{endpoint.pk}/", f"/api/v1/endpoints/{endpoint.pk}/", f"/api/v1/prices/{price.pk}/"):
        assert browser.get(url).status_code == 404
    for url in (f"/endpoints/{endpoint.pk}/", f"/endpoints/{endpoint.pk}/test/", f"/prices/{price.pk}/"):
        assert browser.post(url, {"delete": "1"}).status_code == 404
    assert "Elsewhere-server" not in page(browser, "/endpoints/")
    assert "Elsewhere-model" not in page(browser, "/prices/")


def test_annotators_do_not_see_them(client: Client, annotator: User) -> None:
    client.force_login(annotator)
    for url in ("/endpoints/", "/prices/", "/api/v1/endpoints/", "/api/v1/prices/"):
        assert client.get(url).status_code == 403
