import pytest
from django.test import Client

from annotate.models import ImportJob, Organisation, User
from tests.annotate.views.pages import signed_in
from tests.factories import make_user, running_campaign

pytestmark = pytest.mark.django_db
READ = ["", "edit/", "members/", "items/", "import/", "import/abc/"]
WRITE = ["edit/", "state/", "members/", "members/new/", "members/1/remove/", "import/", "import/abc/"]
JOB = ["", "errors.csv"]


@pytest.fixture
def job(researcher: User, annotator: User) -> ImportJob:
    return ImportJob.objects.create(campaign=running_campaign(researcher, 1, [annotator]), name="a", file="a")


def statuses(client: Client, job: ImportJob) -> dict[str, int]:
    found = {f"GET {end}": client.get(f"/campaigns/pairs/{end}").status_code for end in READ}
    found |= {f"POST {end}": client.post(f"/campaigns/pairs/{end}").status_code for end in WRITE}
    found |= {f"GET job {end}": client.get(f"/imports/{job.pk}/{end}").status_code for end in JOB}
    return found | {"POST job": client.post(f"/imports/{job.pk}/cancel/").status_code}


def test_strangers_are_asked_to_sign_in(client: Client, job: ImportJob) -> None:
    assert set(statuses(client, job).values()) == {302}


def test_another_researcher_finds_nothing(job: ImportJob) -> None:
    assert set(statuses(signed_in(make_user("otto", role="researcher")), job).values()) == {404}


def test_staff_of_another_organisation_find_nothing(job: ImportJob) -> None:
    chief = make_user("chief", role="researcher", organisation=Organisation.objects.create(name="Elsewhere"))
    User.objects.filter(pk=chief.pk).update(is_staff=True)
    assert set(statuses(signed_in(chief), job).values()) == {404}


def test_an_annotator_of_the_campaign_may_do_none_of_it(job: ImportJob, annotator: User) -> None:
    found = statuses(signed_in(annotator), job)
    assert found.pop("GET ") == 302  # to the annotation page
    assert set(found.values()) == {403, 404}
    assert all(status == 404 for address, status in found.items() if "job" in address)
