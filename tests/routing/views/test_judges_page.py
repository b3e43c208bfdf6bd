import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from annotate.models import Campaign, User
from routing.judging import start_run
from routing.models import Judge, JudgeRun
from tests.factories import PAIRWISE_PAIR, make_campaign
from tests.routing.judged import TEXT, judged_campaign, make_judge, run_now, work_on

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
URL = "/campaigns/pairs/judges/"


@pytest.fixture
def browser(client: Client, researcher: User) -> Client:
    client.force_login(researcher)
    return client


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    return judged_campaign(researcher, 3, PAIRWISE_PAIR, TEXT)


def page(browser: Client, url: str = URL, **headers: str) -> str:
    answer = browser.get(url, headers=headers or None)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


def test_the_form_offers_every_provider_with_its_settings(browser: Client, campaign: Campaign) -> None:
    text = page(browser)
    assert "No judge yet" in text
    assert 'name="local.model" value="smollm2"' in text
    assert re.search(r'<select id="scripted.rule".*?<option selected>longer</option><option>shorter</option>', text)


def test_a_judge_is_added_with_what_was_typed(browser: Client, campaign: Campaign) -> None:
    form = {"name": "judy", "provider": "scripted", "scripted.rule": "hash", "scripted.seed": "7", "local.model": "x"}
    answer = browser.post(URL, form)
    assert (answer.status_code, answer["Location"]) == (302, URL)
    judge = Judge.objects.get()
    assert (judge.name, judge.provider, judge.config) == ("judy", "scripted", {"rule": "hash", "seed": 7})
    assert "The judge judy is ready" in page(browser)


def test_settings_at_their_default_are_left_out(browser: Client, campaign: Campaign) -> None:
    browser.post(URL, {"name": "lm", "provider": "local", "local.model": "smollm2", "local.batch_size": "8"})
    assert Judge.objects.get().config == {}


@pytest.mark.parametrize(
    ("form", "status", "message"),
    [
        ({"name": "", "provider": "scripted"}, 422, "Name: 1 to 200 characters"),
        ({"name": "j", "provider": "scripted", "scripted.noise": "much"}, 422, "noise is &#x27;much&#x27;"),
        ({"name": "j", "provider": "gpt"}, 422, "there is no judge provider named &#x27;gpt&#x27;"),
        ({"name": "old", "provider": "scripted"}, 409, "Name: in use"),
    ],
)
def test_a_form_that_fails_says_why_and_keeps_what_was_typed(
    browser: Client, campaign: Campaign, form: dict[str, str], status: int, message: str
) -> None:
    make_judge(campaign, name="old")
    answer = browser.post(URL, form)
    assert answer.status_code == status
    text = answer.content.decode()
    assert message in text
    assert f'name="name" value="{form["name"]}"' in text
    assert Judge.objects.count() == 1


def test_a_judge_says_what_it_answers_and_what_not(browser: Client, campaign: Campaign) -> None:
    make_judge(campaign)
    text = page(browser)
    assert "Answers</span> <b>pair</b>" in text
    assert "Does not answer</span> <b>all</b>: why: this judge has no protocol for text questions" in text


def test_a_run_is_started_watched_and_done(browser: Client, campaign: Campaign) -> None:
    judge = make_judge(campaign)
    assert browser.post(f"/judges/{judge.pk}/run/")["Location"] == URL
    run = JudgeRun.objects.get()
    assert f'hx-get="/judge-runs/{run.pk}/" hx-trigger="every 2s"' in page(browser)
    work_on(run)
    done = page(browser, f"/judge-runs/{run.pk}/", **HTMX)
    assert "hx-trigger" not in done
    assert "3 of 3 answered" in done
    assert f'id="figures-{judge.pk}" class="stack" hx-swap-oob="true"' in done
    assert "3 of 3 gave an answer" in page(browser)


def test_a_second_run_at_once_is_refused_in_words(browser: Client, campaign: Campaign) -> None:
    judge = make_judge(campaign)
    start_run(judge, None, send=False)
    browser.post(f"/judges/{judge.pk}/run/")
    assert "going on already" in page(browser)


def test_a_run_that_no_worker_takes_says_so_after_ten_seconds(browser: Client, campaign: Campaign) -> None:
    run = start_run(make_judge(campaign), None, send=False)
    url = f"/judge-runs/{run.pk}/"
    assert "Waiting for a worker" not in page(browser, url, **HTMX)
    JudgeRun.objects.update(created_at=timezone.now() - timedelta(seconds=11))
    assert "Waiting for a worker: none has taken this run for 11 s" in page(browser, url, **HTMX)


def test_a_running_run_shows_its_rate_and_the_time_left(browser: Client, campaign: Campaign) -> None:
    run = run_now(make_judge(campaign))
    now = timezone.now()
    JudgeRun.objects.update(state="running", heartbeat=now, started_at=now - timedelta(seconds=30), total=9)
    text = page(browser, f"/judge-runs/{run.pk}/", **HTMX)
    assert "3 of 9 answered" in text
    assert "6 a minute, about 1 min left" in text  # 3 in half a minute, 6 to go
    JudgeRun.objects.update(heartbeat=now - timedelta(seconds=60))
    assert "The worker has gone silent" in page(browser, f"/judge-runs/{run.pk}/", **HTMX)


def test_a_run_is_cancelled_by_its_button(browser: Client, campaign: Campaign) -> None:
    run = start_run(make_judge(campaign), None, send=False)
    assert browser.post(f"/judge-runs/{run.pk}/cancel/")["Location"] == URL
    run.refresh_from_db()
    assert run.state == "cancelled"
    browser.post(f"/judge-runs/{run.pk}/cancel/")
    assert "this job has ended already" in page(browser)


def test_a_judge_of_slots_is_warned_about(browser: Client, campaign: Campaign) -> None:
    run_now(make_judge(campaign, rule="first"))
    text = page(browser)
    assert "In 100% of the pairs it names the other completion" in text
    assert "It leans to the first slot" in text


def test_a_judge_of_texts_is_not_warned_about(browser: Client, researcher: User) -> None:
    run_now(make_judge(judged_campaign(researcher, [("one two", "one")], PAIRWISE_PAIR)))
    assert "note warning" not in page(browser)


@pytest.mark.usefixtures("failing")
def test_verdicts_without_an_answer_are_listed(browser: Client, researcher: User) -> None:
    run_now(make_judge(judged_campaign(researcher, [("LONG", "x"), ("y", "z")], PAIRWISE_PAIR), "failing"))
    text = page(browser)
    assert "1 of 2 gave an answer; 1 truncated" in text
    assert '<th scope="row">r0</th><td>better</td><td>truncated</td><td>LONG was in the text</td>' in text


def test_the_button_waits_for_the_launch(browser: Client, researcher: User) -> None:
    make_judge(make_campaign(researcher, questions=[PAIRWISE_PAIR]))
    text = page(browser)
    assert "The campaign is draft; a judge runs only over a running one." in text
    assert re.search(r'<button class="button primary" disabled>Run', text)


def test_a_judge_that_can_answer_nothing_is_not_run(browser: Client, researcher: User) -> None:
    make_judge(judged_campaign(researcher, 1, TEXT | {"required": True}))
    text = page(browser)
    assert "there is no judging protocol for text questions" in text
    assert re.search(r'<button class="button primary" disabled>Run', text)


def test_nobody_else_reaches_them(client: Client, campaign: Campaign, annotator: User) -> None:
    judge = make_judge(campaign)
    run = start_run(judge, None, send=False)
    client.force_login(annotator)
    for url in (URL, f"/judge-runs/{run.pk}/"):
        assert client.get(url).status_code == 404
    for url in (URL, f"/judges/{judge.pk}/run/", f"/judge-runs/{run.pk}/cancel/"):
        assert client.post(url).status_code == 404
    assert JudgeRun.objects.get().state == "queued"
