import pytest

from annotate.campaigns import add_member, annotator_of, change_state
from annotate.models import Campaign, User
from annotate.users import default_organisation
from tests.annotate.views.pages import signed_in, text_of
from tests.factories import make_campaign, make_user, running_campaign

pytestmark = pytest.mark.django_db


def test_a_researcher_without_campaigns_can_drop_a_file(researcher: User) -> None:
    page = text_of(signed_in(researcher).get("/"))
    assert "No campaigns yet" in page
    assert 'action="/start/"' in page


def test_a_researcher_sees_his_campaigns_with_progress(researcher: User) -> None:
    running_campaign(researcher, 3, slug="ran")
    make_campaign(researcher, "planned")
    page = text_of(signed_in(researcher).get("/"))
    assert "0 of 3" in page
    assert 'href="/campaigns/ran/annotate/"' in page
    assert 'href="/campaigns/planned/"' in page
    assert 'href="/campaigns/planned/annotate/"' not in page


def test_an_annotator_sees_what_he_annotates_and_nothing_to_configure(researcher: User, annotator: User) -> None:
    running_campaign(researcher, 3, [annotator], slug="ran")
    page = text_of(signed_in(annotator).get("/"))
    assert 'href="/campaigns/ran/annotate/"' in page
    assert "0 done by you" in page
    assert "New campaign" not in page


def test_an_annotator_without_work_reads_how_to_get_some(annotator: User) -> None:
    assert "Nothing to annotate yet" in text_of(signed_in(annotator).get("/"))


def test_a_paused_campaign_offers_no_annotating(researcher: User, annotator: User) -> None:
    change_state(running_campaign(researcher, 1, [annotator], slug="ran"), "pause")
    page = text_of(signed_in(annotator).get("/"))
    assert "paused" in page
    assert "/annotate/" not in page


def test_somebody_who_is_both_sees_both(researcher: User) -> None:
    other = make_user("otto", role="researcher")
    make_campaign(researcher, "mine")
    add_member(running_campaign(other, 1, slug="his"), annotator_of(researcher))
    page = text_of(signed_in(researcher).get("/"))
    assert 'href="/campaigns/mine/"' in page
    assert "Campaigns you annotate" in page
    assert 'href="/campaigns/his/"' not in page
    assert 'href="/campaigns/his/annotate/"' in page


def test_staff_see_the_campaigns_of_their_organisation(researcher: User) -> None:
    make_campaign(researcher, "mine")
    User.objects.create_user("chief", password="x", organisation=default_organisation(), is_staff=True)
    page = text_of(signed_in(User.objects.get(username="chief")).get("/"))
    assert Campaign.objects.get().name in page
