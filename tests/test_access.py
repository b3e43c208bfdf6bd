"""Every address, as everybody whom it does not concern."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client

from annotate.campaigns import add_member
from annotate.models import Organisation, User
from tests.factories import make_user, person, running_campaign
from tests.walking import METHODS, SECRET, Things, everything_of, routes

pytestmark = pytest.mark.django_db

REFUSED = {401, 403, 404, 405}
FORM = "change=pause"
OF_THE_ORGANISATION = ("endpoints/", "prices/", "api/v1/endpoints/", "api/v1/prices/")
FOR_EVERYBODY = {"/healthz", "/login/", "/api/schema/"}


def signed_in(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture
def owner(researcher: User) -> Client:
    return signed_in(researcher)


@pytest.fixture
def things(researcher: User, owner: Client) -> Things:
    """Ids start far from those of anybody else, so that no id means two things."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE sequencename LIKE '%%_id_seq'")
        for number, (name,) in enumerate(cursor.fetchall(), start=5):
            cursor.execute(f"ALTER SEQUENCE {name} RESTART WITH {number}000000")
    return everything_of(researcher, owner)


def nobody() -> None:
    return None


def annotator_of_another_campaign() -> User:
    user = make_user("otto")
    running_campaign(make_user("rolf", "researcher"), 2, [user], slug="other")
    return user


def researcher_without_this_campaign() -> User:
    user = make_user("rosa", "researcher")
    running_campaign(user, 2, slug="other")
    return user


def researcher_of_another_organisation() -> User:
    user = make_user("oona", "researcher", Organisation.objects.create(name="Elsewhere"))
    running_campaign(user, 2, slug="other")
    return user


def staff_of_another_organisation() -> User:
    user = researcher_of_another_organisation()
    user.is_staff = True
    user.save()
    return user


STRANGERS = [
    nobody,
    annotator_of_another_campaign,
    researcher_without_this_campaign,
    researcher_of_another_organisation,
    staff_of_another_organisation,
]


def shared(template: str, user: User, things: Things) -> bool:
    """Whether all researchers of the organisation have it."""
    return template.startswith(OF_THE_ORGANISATION) and user.organisation_id == things.campaign.organisation_id


@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda s: s.__name__)
def test_nothing_is_shown_to_or_done_for_whom_it_does_not_concern(
    things: Things, stranger: Callable[[], User | None]
) -> None:
    user, wrong = stranger(), []
    for route in routes():
        path, client = route.filled(things), signed_in(user)
        for method in METHODS:
            with transaction.atomic():
                response = client.generic(method, path)
                transaction.set_rollback(True)
            body = b"".join(response) if response.streaming else response.content
            to_login = response.status_code == 302 and response["Location"].startswith("/login/")
            if user is None:
                fine = to_login or response.status_code in REFUSED or path in FOR_EVERYBODY
            else:
                closed = route.names and not (user.is_researcher and shared(route.template, user, things))
                fine = response.status_code in REFUSED if closed else response.status_code < 500
            if not fine or SECRET.encode() in body:
                wrong.append((method, path, response.status_code))
    assert wrong == []


def test_its_own_researcher_reaches_every_address(things: Things, owner: Client) -> None:
    """Otherwise the walk above would prove nothing."""
    unreached = []
    for route in routes():
        statuses = set()
        for method in METHODS if route.names and "unknown" not in route.names else ():
            with transaction.atomic():
                response = owner.generic(method, route.filled(things), FORM, "application/x-www-form-urlencoded")
                statuses.add(response.status_code)
                transaction.set_rollback(True)
        if statuses and statuses <= REFUSED:
            unreached.append((route.template, statuses))
    assert unreached == []


def test_an_annotator_of_the_campaign_cannot_run_it(things: Things) -> None:
    user = make_user("otto")
    add_member(things.campaign, person(user))
    client = signed_in(user)
    allowed = []
    for route in routes():
        for method in METHODS if route.names else ():
            with transaction.atomic():
                response = client.generic(method, route.filled(things))
                transaction.set_rollback(True)
            if response.status_code not in REFUSED:
                allowed.append((method, route.template, response.status_code))
    assert {template for _, template, _ in allowed} <= {
        "api/v1/campaigns/<slug:slug>/",
        "api/v1/campaigns/<slug:slug>/claim/",
        "api/v1/campaigns/<slug:slug>/annotations/",
        "api/v1/assignments/<int:pk>/annotation/",
        "api/v1/assignments/<int:pk>/draft/",
        "api/v1/assignments/<int:pk>/skip/",
        "api/v1/assignments/<int:pk>/flag/",
        "api/v1/assignments/<int:pk>/suggestions/",
        "api/v1/assignments/<int:pk>/release/",
        "campaigns/<slug:slug>/",
        "campaigns/<slug:slug>/annotate/",
        "images/<int:campaign>/<str:name>",
        "assignments/<int:pk>/submit/",
        "assignments/<int:pk>/draft/",
        "assignments/<int:pk>/skip/",
        "campaigns/<slug:slug>/mine/",
        "campaigns/<slug:slug>/my-quality/",
        "assignments/<int:pk>/keep/",
        "assignments/<int:pk>/flag/",
        "assignments/<int:pk>/suggestions/",
        "assignments/<int:pk>/release/",
    }
    assert all(status < 500 for _, _, status in allowed)


@pytest.mark.parametrize("path", ["/admin/", "/admin/annotate/user/", "/admin/annotate/organisation/add/"])
def test_the_administration_is_for_those_who_may(path: str) -> None:
    for user in (None, make_user("otto"), make_user("rosa", "researcher")):
        response = signed_in(user).get(path)
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")
