from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from annotate.models import Campaign, User
from routing.creating import create_judge
from routing.judging import start_run
from routing.models import JudgeRun
from tests.factories import PAIRWISE_PAIR, make_campaign
from tests.routing.judged import TEXT, judged_campaign, make_judge, run_now, work_on

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
URL = "/campaigns/pairs/judges/"


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    return judged_campaign(researcher, 3, PAIRWISE_PAIR, TEXT)


def page(browser: Client, url: str = URL, **headers: str) -> str:
    answer = browser.get(url, headers=headers or None)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


def test_a_judge_says_what_it_answers_and_what_not(browser: Client, campaign: Campaign) -> None:
    create_judge(campaign, {"name": "judy", "provider": "scripted", "protocols": {"text": None}})
    text = page(browser)
    assert "Answers</span> <b>better</b> by <code>pairwise</code>" in text
    assert "Leaves</span> <b>why</b> to people: this judge has no protocol for text questions" in text
    assert "Gets no</span> <b>all</b>: why: this judge has no protocol for text questions" in text


def test_a_run_is_started_watched_and_done(browser: Client, campaign: Campaign) -> None:
    judge = make_judge(campaign)
    assert browser.post(f"/judges/{judge.pk}/run/")["Location"] == f"{URL}#judge-{judge.pk}"
    run = JudgeRun.objects.get()
    assert f'hx-get="/judge-runs/{run.pk}/" hx-trigger="every 2s"' in page(browser)
    work_on(run)
    done = page(browser, f"/judge-runs/{run.pk}/", **HTMX)
    assert "hx-trigger" not in done
    assert "6 of 6 answered" in done
    assert f'id="figures-{judge.pk}" class="stack" hx-swap-oob="true"' in done
    assert "3 of 3 gave an answer" in page(browser)


def test_a_second_run_at_once_is_refused_in_words(browser: Client, campaign: Campaign) -> None:
    judge = make_judge(campaign)
    start_run(judge, None, send=False)
    answer = browser.post(f"/judges/{judge.pk}/run/", {"cap": "1", "repeats": "2"})
    assert answer.status_code == 409
    assert "going on already" in answer.content.decode()
    assert 'name="cap" value="1"' in answer.content.decode()


def test_a_run_that_no_worker_takes_says_so_after_ten_seconds(browser: Client, campaign: Campaign) -> None:
    run = start_run(make_judge(campaign), None, send=False)
    url = f"/judge-runs/{run.pk}/"
    assert "Waiting for a worker" not in page(browser, url, **HTMX)
    JudgeRun.objects.update(created_at=timezone.now() - timedelta(seconds=11))
    assert "Waiting for a worker: none has taken this run for 11 s" in page(browser, url, **HTMX)


def test_a_running_run_shows_its_rate_and_the_time_left(browser: Client, campaign: Campaign) -> None:
    run = run_now(make_judge(campaign))
    now = timezone.now()
    JudgeRun.objects.update(state="running", heartbeat=now, started_at=now - timedelta(seconds=30), total=18)
    text = page(browser, f"/judge-runs/{run.pk}/", **HTMX)
    assert "6 of 18 answered" in text
    assert "12 a minute, about 1 min left" in text  # 6 in half a minute, 12 to go
    JudgeRun.objects.update(heartbeat=now - timedelta(seconds=60))
    assert "The worker has gone silent" in page(browser, f"/judge-runs/{run.pk}/", **HTMX)


def test_a_run_is_cancelled_by_its_button(browser: Client, campaign: Campaign) -> None:
    run = start_run(make_judge(campaign), None, send=False)
    assert browser.post(f"/judge-runs/{run.pk}/cancel/")["Location"] == f"{URL}#judge-{run.judge_id}"
    run.refresh_from_db()
    assert run.state == "cancelled"
    browser.post(f"/judge-runs/{run.pk}/cancel/")
    assert "this job has ended already" in page(browser)


def test_a_run_is_paused_and_resumed_by_its_buttons(browser: Client, campaign: Campaign) -> None:
    run = start_run(make_judge(campaign), None, send=False)
    browser.post(f"/judge-runs/{run.pk}/pause/")
    text = page(browser)
    assert "Paused by hand. What it has answered stays; resume it to go on where it stopped." in text
    assert "hx-trigger" not in text
    browser.post(f"/judge-runs/{run.pk}/resume/")
    run.refresh_from_db()
    assert run.state == "queued"


def test_a_run_without_money_says_why_and_goes_on_with_a_higher_cap(browser: Client, campaign: Campaign) -> None:
    run = start_run(make_judge(campaign), None, cap=20_000, send=False)
    JudgeRun.objects.update(state="out_of_budget", error="the cap of $0.02 is reached", spent=15_000, unsettled=1_000)
    text = page(browser)
    assert "The cap of $0.02 is reached. Its answers stay." in text
    assert "<b>$0.015</b> of $0.02 spent; $0.001 may have been spent by a worker that died" in text
    browser.post(f"/judge-runs/{run.pk}/resume/", {"cap": "0.016"})
    assert "the run has spent $0.0160 already; a cap that lets it go on is higher" in page(browser)
    browser.post(f"/judge-runs/{run.pk}/resume/", {"cap": "0,5"})
    run.refresh_from_db()
    assert (run.state, run.cap) == ("queued", 500_000)


def test_the_budget_of_all_judges_is_set_and_lifted(browser: Client, campaign: Campaign) -> None:
    answer = browser.post(URL + "budget/", {"cap": "much"})
    assert answer.status_code == 422
    assert 'name="cap" value="much"' in answer.content.decode()
    browser.post(URL + "budget/", {"cap": "12.50"})
    assert "Spent so far: <b>$0</b> of $12.50" in page(browser)
    browser.post(URL + "budget/", {"cap": " "})
    assert "Spent so far: <b>$0</b>." in page(browser)


@pytest.mark.usefixtures("failing")
def test_attempts_that_failed_are_counted_by_reason(browser: Client, researcher: User) -> None:
    run = run_now(make_judge(judged_campaign(researcher, [("LONG", "x"), ("y", "z")], PAIRWISE_PAIR), "failing"))
    text = page(browser, f"/judge-runs/{run.pk}/")
    assert "4 calls made, 2 of them without a reply to use." in text
    assert (
        'A text or a reply was too long</th><td class="num">2</td><td class="small">LONG was in the text</td>' in text
    )


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
    assert '<span class="button" aria-disabled="true">Run…</span>' in text


def test_a_judge_that_can_answer_nothing_is_not_run(browser: Client, researcher: User) -> None:
    campaign = judged_campaign(researcher, 1, TEXT | {"required": True})
    create_judge(campaign, {"name": "judy", "provider": "scripted", "protocols": {"text": None}})
    text = page(browser)
    assert "this judge has no protocol for text questions" in text
    assert '<span class="button" aria-disabled="true">Run…</span>' in text


def test_nobody_else_reaches_them(client: Client, campaign: Campaign, annotator: User) -> None:
    judge = make_judge(campaign)
    run = start_run(judge, None, send=False)
    client.force_login(annotator)
    for url in (URL, f"/judge-runs/{run.pk}/"):
        assert client.get(url).status_code == 404
    posts = [f"/judge-runs/{run.pk}/{change}/" for change in ("cancel", "pause", "resume")]
    for url in (URL + "new/", URL + "test/", URL + "budget/", f"/judges/{judge.pk}/run/", *posts):
        assert client.post(url).status_code == 404
    assert JudgeRun.objects.get().state == "queued"
