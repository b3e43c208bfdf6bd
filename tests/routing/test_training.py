"""Judges that are trained on the campaign's own labels: asked for here, made by a worker."""

import pytest
from rest_framework.test import APIClient

from annotate import jobs
from annotate.assigning import claim
from annotate.campaigns import add_member, annotator_of
from annotate.errors import Exists, Invalid
from annotate.models import Campaign, User
from annotate.submitting import submit
from routing.models import HeadTraining, Judge
from routing.training import run_training, start_training
from tests.factories import PAIRWISE_PAIR
from tests.routing.judged import judged_campaign, make_judge

pytestmark = pytest.mark.django_db
SPEC = {"name": "head", "provider": "embedding_head"}


@pytest.fixture
def labelled(researcher: User, annotator: User) -> Campaign:
    """Forty pairs, of which somebody preferred the longer answer."""
    texts = [(f"Answer {n} is short", f"Answer {n} is long, kind, thorough and clear") for n in range(40)]
    campaign = judged_campaign(researcher, texts, PAIRWISE_PAIR, overlap=1)
    add_member(campaign, annotator_of(annotator))
    held = claim(campaign, annotator_of(annotator))
    while held is not None:
        held = submit(held, annotator_of(annotator), {"better": {"preferred": "b"}}).next
    return campaign


def test_a_training_is_queued_and_watched(labelled: Campaign, researcher: User, api: APIClient) -> None:
    api.force_authenticate(researcher)
    asked = api.post("/api/v1/campaigns/pairs/judges/", SPEC, format="json")
    assert (asked.status_code, asked.json()["state"], asked.json()["question"]) == (202, "queued", "better")
    assert api.get(f"/api/v1/trainings/{asked.json()['id']}/").json()["judge"] is None
    api.logout()
    client = APIClient()
    client.force_login(researcher)
    text = client.get("/campaigns/pairs/judges/").content.decode()
    assert 'hx-get="/trainings/' in text
    pk = asked.json()["id"]
    assert client.post(f"/trainings/{pk}/cancel/").status_code == 302
    assert client.get(f"/trainings/{pk}/", headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_what_can_be_known_before_is_refused_before(labelled: Campaign) -> None:
    make_judge(labelled)
    with pytest.raises(Exists):
        start_training(labelled, None, SPEC | {"name": "judy"})
    with pytest.raises(Invalid, match="too few labels"):
        start_training(labelled, None, SPEC | {"config": {"question": "worse"}})
    with pytest.raises(Invalid):
        start_training(labelled, None, SPEC | {"too_long": "cut"})
    with pytest.raises(Invalid):
        start_training(labelled, None, SPEC | {"config": {"device": "abacus"}})
    assert not HeadTraining.objects.exists()


@pytest.mark.slow
def test_the_judge_is_there_when_the_training_is_done(labelled: Campaign) -> None:
    job = start_training(labelled, None, SPEC | {"runs_at_launch": True}, send=False)
    jobs.run(HeadTraining, job.pk, run_training)
    job.refresh_from_db()
    judge = Judge.objects.get()
    assert (job.state, job.judge, judge.name, judge.runs_at_launch) == ("done", judge, "head", True)
    assert judge.config["question"] == "better"
    assert judge.protocols["pairwise"]["name"] == "scalar_reward"


def test_a_training_that_is_cancelled_leaves_no_judge(labelled: Campaign) -> None:
    job = start_training(labelled, None, SPEC, send=False)
    jobs.cancel(job)
    jobs.run(HeadTraining, job.pk, run_training)
    assert not Judge.objects.exists()
