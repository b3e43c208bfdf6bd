"""Who belongs to a campaign."""

import pytest

from annotate.campaigns import add_member, add_user, annotator_of, remove_member
from annotate.errors import Invalid, NotFound, WrongState
from annotate.models import Organisation, User
from tests.factories import make_campaign, make_user, person

pytestmark = pytest.mark.django_db


def test_a_member_is_added_once_and_can_get_another_role(researcher: User) -> None:
    campaign, second = make_campaign(researcher), make_user("rolf", "researcher")
    first = add_user(campaign, "rolf")
    assert add_user(campaign, "rolf", "researcher").pk == first.pk
    assert campaign.members.get(annotator=person(second)).role == "researcher"


def test_an_annotator_cannot_run_a_campaign(researcher: User, annotator: User) -> None:
    with pytest.raises(Invalid, match="anna is not a researcher"):
        add_user(make_campaign(researcher), "anna", "researcher")


@pytest.mark.parametrize("role", ["owner", "", None, 3, ["annotator"]])
def test_an_unknown_role_is_refused(researcher: User, annotator: User, role: object) -> None:
    with pytest.raises(Invalid, match="researcher or annotator"):
        add_user(make_campaign(researcher), "anna", role)  # type: ignore[arg-type]


def test_people_of_another_organisation_are_not_found(researcher: User) -> None:
    make_user("oona", organisation=Organisation.objects.create(name="Elsewhere"))
    with pytest.raises(NotFound, match="'oona'"):
        add_user(make_campaign(researcher), "oona")


def test_a_campaign_keeps_its_last_researcher(researcher: User) -> None:
    campaign = make_campaign(researcher)
    me = campaign.members.get()
    with pytest.raises(WrongState, match="at least one researcher"):
        remove_member(campaign, me.pk)
    with pytest.raises(WrongState, match="at least one researcher"):
        add_member(campaign, annotator_of(researcher), "annotator")
    add_member(campaign, annotator_of(make_user("rolf", "researcher")), "researcher")
    remove_member(campaign, me.pk)
    assert campaign.members.get().annotator.name == "rolf"


def test_a_member_of_another_campaign_cannot_be_removed_here(researcher: User, annotator: User) -> None:
    elsewhere = add_user(make_campaign(researcher, "other"), "anna")
    with pytest.raises(NotFound):
        remove_member(make_campaign(researcher), elsewhere.pk)


def test_a_user_is_one_annotator_in_all_campaigns(annotator: User) -> None:
    assert annotator_of(annotator) == annotator_of(annotator)
