"""The pages and the API of trust: what they say, and that odd input is refused by name with what was typed kept."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from annotate.models import Campaign, User
from routing.models import Cascade, Certificate, Judge
from routing.trust.calibrating import calibrate
from tests.factories import make_user
from tests.routing.trust.labelled import QUESTION, labelled_campaign, orders, say, sure_judge

N = 40


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    return labelled_campaign(researcher, N, lambda n: "a" if n % 4 else "b")


@pytest.fixture
def judge(campaign: Campaign) -> Judge:
    judge = sure_judge(campaign)
    say(judge, lambda n: ("a" if n % 4 else "b", 0.9))
    orders(judge, lambda n: (0.8, 0.4) if n % 4 else (0.6, 0.7))
    return judge


@pytest.fixture
def page(client: Client, researcher: User) -> Client:
    client.force_login(researcher)
    return client


def test_a_judge_is_certified_on_its_page_and_the_guarantee_is_stated(page: Client, judge: Judge) -> None:
    form = {"question": QUESTION, "target": "80", "certainty": "90"}
    assert page.post(f"/judges/{judge.pk}/certify/", form).status_code == 302
    certificate = Certificate.objects.get()
    assert certificate.target == 0.8
    assert certificate.delta == pytest.approx(0.1)
    text = page.get(f"/judges/{judge.pk}/trust/").content.decode()
    assert "Certified</span> against the majority of people of the base design" in text
    assert "not of every slice, and not after drift" in " ".join(text.split())


def test_what_is_no_percentage_is_refused_beside_the_form(page: Client, judge: Judge) -> None:
    sent = page.post(f"/judges/{judge.pk}/certify/", {"question": QUESTION, "target": "most", "certainty": "90"})
    assert sent.status_code == 422
    assert "target must be a number of percent" in sent.content.decode()
    assert 'value="most"' in sent.content.decode()
    assert not Certificate.objects.exists()


def test_a_question_that_no_database_keeps_is_refused_by_name(page: Client, judge: Judge) -> None:
    for path in ("certify", "calibrate"):
        sent = page.post(f"/judges/{judge.pk}/{path}/", {"question": "a\0", "target": "80", "certainty": "90"})
        assert sent.status_code == 422
        assert "question" in sent.content.decode()


def test_a_calibration_becomes_a_judge_on_the_page(page: Client, judge: Judge, campaign: Campaign) -> None:
    assert page.post(f"/judges/{judge.pk}/calibrate/", {"question": QUESTION}).status_code == 302
    found = judge.calibrations.get()
    assert page.post(f"/calibrations/{found.pk}/judge/", {"name": "calm"}).status_code == 302
    assert campaign.judges.filter(annotator__name="calm").exists()
    again = page.post(f"/calibrations/{found.pk}/judge/", {"name": "calm"})
    assert again.status_code == 409
    assert "choose another name" in again.content.decode()


def test_a_cascade_is_set_on_its_page(page: Client, judge: Judge, campaign: Campaign) -> None:
    form = {"question": QUESTION, "target": "80", "certainty": "90", "audit_share": "25", f"place-{judge.pk}": "1"}
    path = f"/campaigns/{campaign.slug}/cascade/"
    assert page.post(path, {**form, "enabled": "on"}).status_code == 302
    cascade = Cascade.objects.get()
    assert (cascade.judges, cascade.audit_share, cascade.enabled) == ([judge.pk], 0.25, True)
    assert "it passes everything on" in page.get(path).content.decode()
    bad = page.post(path, {**form, "audit_share": "0"})
    assert bad.status_code == 422
    assert "audit_share must be above 0 and below 1" in bad.content.decode()


def test_the_api_does_what_the_pages_do(api: APIClient, researcher: User, judge: Judge, campaign: Campaign) -> None:
    api.force_authenticate(researcher)
    made = api.post(f"/api/v1/judges/{judge.pk}/calibrations/", {"question": QUESTION}, format="json")
    assert made.status_code == 201
    assert made.json()["n"] == N // 2
    sent = {"question": QUESTION, "target": 0.8, "delta": 0.1}
    certified = api.post(f"/api/v1/judges/{judge.pk}/certificates/", sent, format="json")
    assert certified.status_code == 201
    assert certified.json()["threshold"] == pytest.approx(0.9)
    path = f"/api/v1/campaigns/{campaign.slug}/cascade/"
    assert api.get(path).status_code == 404
    spec = {**sent, "judges": [judge.pk], "audit_share": 0.2, "enabled": True}
    assert api.put(path, spec, format="json").json()["enabled"] is True
    refused = api.put(path, {**spec, "judges": [judge.pk, 10**9]}, format="json")
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["judges"])


def test_another_researcher_sees_none_of_it(client: Client, judge: Judge, campaign: Campaign) -> None:
    found = calibrate(judge, QUESTION)
    client.force_login(make_user("otto", role="researcher"))
    assert client.get(f"/judges/{judge.pk}/trust/").status_code == 404
    assert client.post(f"/judges/{judge.pk}/certify/").status_code == 404
    assert client.post(f"/calibrations/{found.pk}/judge/", {"name": "x"}).status_code == 404
    assert client.get(f"/campaigns/{campaign.slug}/cascade/").status_code == 404
