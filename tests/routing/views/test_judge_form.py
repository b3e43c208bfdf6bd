"""The page that adds a judge."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from annotate.models import Campaign, User
from routing.choosing import default_protocols
from routing.judges import providers
from routing.models import Endpoint, HeadTraining, Judge
from routing.pricing import create_price
from routing.views.judge_form import NOT_BY_HAND
from tests.annotate.views.sent_form import sent_form
from tests.factories import PAIRWISE_PAIR, RATING_EACH
from tests.routing.judged import TEXT, judged_campaign, make_judge
from tests.routing.servers.model_server import ModelServer

pytestmark = pytest.mark.django_db
URL = "/campaigns/pairs/judges/new/"
TEST = "/campaigns/pairs/judges/test/"
KEY = "sk-very-secret-1234"
SAVE = {"save": "1"}


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    return judged_campaign(researcher, 2, RATING_EACH, PAIRWISE_PAIR, TEXT)


def shown(browser: Client, **typed: Any) -> str:
    """The form again, after these choices."""
    answer = browser.post(URL, typed)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def served(server: ModelServer, **more: Any) -> dict[str, Any]:
    flags = dict.fromkeys(("openai.reasoning", "openai.object_schema"), "on")
    where = {**flags, "endpoint": "+", "endpoint.url": server.url, "endpoint.key": KEY}
    return {"name": "served", "provider": "openai", "has": "openai", "openai.model": "tiny", **where, **more}


def test_every_provider_is_offered_and_the_chosen_one_shows_its_settings(browser: Client, campaign: Campaign) -> None:
    first = browser.get(URL).content.decode()
    assert {"openai", "anthropic", "local", "scripted"} <= set(re.findall(r'name="provider" value="(\w+)"', first))
    assert 'value="imported"' not in first
    assert 'name="endpoint.url"' in first
    text = shown(browser, provider="scripted")
    assert re.search(r'<select id="id_scripted.rule".*?<option value="longer" selected>longer</option>', text)
    assert "endpoint.url" not in text


def test_a_judge_is_added_with_what_was_typed(browser: Client, campaign: Campaign) -> None:
    form = {"name": "judy", "provider": "scripted", "has": "scripted", "scripted.rule": "hash", "scripted.seed": "7"}
    answer = browser.post(URL, form | {"launch": "on", "too_long": "truncate"} | SAVE)
    judge = Judge.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/campaigns/pairs/judges/#judge-{judge.pk}")
    assert (judge.name, judge.provider, judge.config) == ("judy", "scripted", {"rule": "hash", "seed": 7})
    assert (judge.runs_at_launch, judge.too_long, judge.price) == (True, "truncate", {"input": 0, "output": 0})


@pytest.mark.parametrize("name", [name for name in providers() if name not in (*NOT_BY_HAND, "embedding_head")])
def test_a_form_sent_as_it_is_shown_asks_for_nothing_but_defaults(
    browser: Client, campaign: Campaign, name: str
) -> None:
    page = browser.post(URL, {"provider": name}).content.decode()
    main = next(iter(providers()[name].defaults))
    with ModelServer() as server:
        form = sent_form(page, "judge-form") | {"name": ["it"], "save": ["1"], "endpoint.url": [server.url]}
        if not form[f"{name}.{main}"][0]:
            form[f"{name}.{main}"] = ["tiny"]
        assert browser.post(URL, form).status_code == 302
    judge = Judge.objects.get()
    assert not set(judge.config) - {main}
    assert judge.protocols == default_protocols(campaign, providers()[name])


@pytest.mark.parametrize(
    ("form", "status", "message"),
    [
        ({"name": "", "provider": "scripted"}, 422, "1 to 200 characters"),
        ({"provider": "scripted", "has": "scripted", "scripted.noise": "much"}, 422, "noise is &#x27;much&#x27;"),
        ({"provider": "gpt"}, 422, "there is no judge provider named &#x27;gpt&#x27;"),
        ({"name": "old", "provider": "scripted"}, 409, "in use"),
        ({"provider": "openai", "endpoint": "+"}, 422, "give the address of the server"),
        ({"provider": "openai", "endpoint": "elsewhere"}, 422, "name an endpoint of your organisation (none yet)"),
    ],
)
def test_a_form_that_fails_says_why_and_keeps_what_was_typed(
    browser: Client, campaign: Campaign, form: dict[str, str], status: int, message: str
) -> None:
    make_judge(campaign, name="old")
    sent = {"name": "typed", "has": "openai", "openai.model": "m"} | form | SAVE
    answer = browser.post(URL, sent)
    assert answer.status_code == status
    text = answer.content.decode()
    assert message.lower() in text.lower()
    assert f'name="name" value="{sent["name"]}"' in text
    assert Judge.objects.count() == 1


def test_each_question_has_its_protocol_with_a_sentence_and_settings(browser: Client, campaign: Campaign) -> None:
    text = shown(browser, provider="scripted", **{"q.better": "principles"})
    assert '<option value="principles" selected>principles</option>' in text
    assert "Compares the two responses by a list of principles of yours" in text
    assert '<textarea id="id_q.better.principles.principles"' in text
    form = {"name": "judy", "provider": "scripted", "q.score": "rating", "q.why": "", "q.better": "principles"}
    group = "q.better.principles"
    browser.post(URL, form | {"has": group, f"{group}.principles": "Be honest.\r\n\r\nBe brief."} | SAVE)
    chosen = Judge.objects.get().protocols
    assert chosen["question:better"]["name"] == "principles"
    assert chosen["question:better"]["config"] == {"principles": ["Be honest.", "Be brief."]}
    assert chosen["rating"]["name"] == "rating"
    assert "text" not in chosen


def test_a_setting_of_a_protocol_that_is_missing_is_marked_beside_it(browser: Client, campaign: Campaign) -> None:
    form = {"name": "judy", "provider": "scripted", "q.better": "principles", "has": "q.better.principles"}
    answer = browser.post(URL, form | SAVE)
    assert answer.status_code == 422
    assert "give at least one principle in the settings" in answer.content.decode()


def test_what_was_typed_comes_back_with_the_choice_that_shows_it(browser: Client, campaign: Campaign) -> None:
    typed = {"has": ["openai", "q.better.persona"], "openai.model": "m-7", "endpoint.url": "http://x/v1"}
    text = shown(browser, provider="scripted", **typed, **{"q.better.persona.profile": "A nurse."})
    assert '<input type="hidden" name="openai.model" value="m-7">' in text
    assert '<input type="hidden" name="endpoint.url" value="http://x/v1">' in text
    assert '<input type="hidden" name="has" value="openai">' in text
    assert '<input type="hidden" name="q.better.persona.profile" value="A nurse.">' in text
    back = shown(browser, provider="openai", **typed)
    assert 'name="openai.model" value="m-7"' in back


def test_the_price_is_filled_in_from_the_table_until_another_is_typed(browser: Client, campaign: Campaign) -> None:
    create_price(campaign.organisation, {"model": "tiny", "input": 0.5, "output": 2})
    text = shown(browser, provider="openai", has="openai", **{"openai.model": "tiny"})
    assert 'name="price.input" value="0.5"' in text
    assert 'name="price_was" value="0.5|2"' in text
    other = {"openai.model": "big", "price_was": "0.5|2", "price.input": "0.5", "price.output": "2"}
    assert 'name="price.input" value=""' in shown(browser, provider="openai", has="openai", **other)
    typed = other | {"price.output": "3"}
    assert 'name="price.output" value="3"' in shown(browser, provider="openai", has="openai", **typed)


def test_the_connection_is_tested_before_anything_is_saved(browser: Client, campaign: Campaign) -> None:
    with ModelServer(models=("tiny", "big"), key=KEY) as server:
        wrong = browser.post(TEST, served(server, **{"endpoint.key": "sk-wrong-1234"})).content.decode()
        assert "The server does not accept the key" in wrong
        found = browser.post(TEST, served(server)).content.decode()
        assert "<b>tiny</b> answers" in found
        assert "holds answers to a JSON schema" in found
        assert not Endpoint.objects.exists()
        browser.post(URL, served(server) | SAVE)
    endpoint = Endpoint.objects.get()
    assert endpoint.capabilities["tiny"]["labels"] == "logprobs"
    judge = Judge.objects.get()
    assert (judge.endpoint, judge.config, judge.price) == (endpoint, {"model": "tiny"}, None)


def test_a_server_that_may_not_be_called_is_refused_beside_its_address(
    browser: Client, campaign: Campaign, settings: Settings
) -> None:
    settings.JUDGE_NETWORKS = []
    with ModelServer() as server:
        refused = browser.post(URL, served(server) | SAVE)
        assert refused.status_code == 422
        assert 'aria-invalid="true"' in refused.content.decode()
        assert "JUDGE_NETWORKS" in refused.content.decode()
        assert not server.requests
        assert "JUDGE_NETWORKS" in browser.post(TEST, served(server)).content.decode()


def test_a_key_is_never_given_back(browser: Client, campaign: Campaign) -> None:
    with ModelServer(key=KEY) as server:
        pages = [
            browser.post(URL, served(server)),
            browser.post(URL, served(server, name="") | SAVE),
            browser.post(TEST, served(server)),
            browser.post(URL, served(server) | SAVE),
            browser.get("/campaigns/pairs/judges/"),
            browser.get("/endpoints/"),
            browser.get(f"/endpoints/{Endpoint.objects.get().pk}/"),
            browser.get(URL),
        ]
    assert [KEY in answer.content.decode() for answer in pages] == [False] * len(pages)
    assert KEY not in Endpoint.objects.get().key


def test_a_judge_that_is_to_be_trained_needs_labels_first(browser: Client, campaign: Campaign) -> None:
    answer = browser.post(URL, {"name": "head", "provider": "embedding_head"} | SAVE)
    assert answer.status_code == 422
    assert "people have given no preference and no rating yet" in answer.content.decode()
    assert not HeadTraining.objects.exists()
