"""Creating, revising and moving campaigns along."""

import threading
from typing import Any

import pytest
from django.db import connection

from annotate.campaigns import change_state, create_campaign, revise_campaign, views_asked
from annotate.errors import Exists, Invalid, NotAllowed, NotFound, WrongState
from annotate.models import Assignment, Campaign, Organisation, Question, User
from tests.factories import PAIRWISE, PAIRWISE_PAIR, RATING_EACH, import_rows, make_campaign, make_user, pair_rows

pytestmark = pytest.mark.django_db


def test_a_campaign_starts_as_a_draft_of_its_researcher(researcher: User) -> None:
    campaign = make_campaign(researcher, guidelines="Pick.", overlap=2)
    assert (campaign.state, campaign.current.number, campaign.current.overlap) == ("draft", 1, 2)
    assert list(campaign.members.values_list("annotator__user__username", "role")) == [("rita", "researcher")]


def test_only_researchers_create_campaigns(annotator: User) -> None:
    with pytest.raises(NotAllowed):
        make_campaign(annotator)


def test_a_slug_is_taken_once_in_an_organisation_and_free_in_another(researcher: User) -> None:
    make_campaign(researcher, "pairs")
    with pytest.raises(Exists, match="choose another slug"):
        make_campaign(researcher, "pairs")
    elsewhere = make_user("oona", "researcher", Organisation.objects.create(name="Elsewhere"))
    assert make_campaign(elsewhere, "pairs").slug == "pairs"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_slug_make_one_campaign(researcher: User) -> None:
    outcomes: list[str] = []

    def create() -> None:
        try:
            make_campaign(researcher, "pairs")
            outcomes.append("created")
        except Exists:
            outcomes.append("exists")
        finally:
            connection.close()

    threads = [threading.Thread(target=create) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["created"] + ["exists"] * 5


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slug": "Big"}, "slug"),
        ({"slug": ""}, "slug"),
        ({"slug": "x" * 81}, "slug"),
        ({"slug": None}, "slug"),
        ({"name": " "}, "name"),
        ({"name": 0}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"questions": []}, "questions"),
        ({"judges": "gpt"}, "judges"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_made(researcher: User, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        create_campaign(researcher, {"slug": "ok", "name": "Ok", "questions": [PAIRWISE], **change})
    assert list(refused.value.fields) == [field]
    assert not Campaign.objects.exists()


def test_a_new_version_leaves_the_work_of_the_old_one_as_it_was(researcher: User) -> None:
    campaign = make_campaign(researcher)
    import_rows(campaign, pair_rows(2))
    first = campaign.current
    strict = {**PAIRWISE, "config": {"allow_tie": False}}
    second = revise_campaign(campaign, {"name": "New name", "questions": [strict], "guidelines": "New."})
    assert (campaign.current, second.number, campaign.name) == (second, 2, "New name")
    assert set(Assignment.objects.values_list("version", flat=True)) == {first.pk}
    assert Question.objects.get(version=first).config["allow_tie"] is True


@pytest.mark.parametrize(
    "change", [{"overlap": 2}, {"questions": [RATING_EACH]}, {"questions": [PAIRWISE, RATING_EACH]}]
)
def test_views_and_overlap_stay_once_there_are_items(researcher: User, change: dict[str, Any]) -> None:
    campaign = make_campaign(researcher)
    import_rows(campaign, pair_rows(1))
    with pytest.raises(WrongState, match="cannot change once there are items"):
        revise_campaign(campaign, {"questions": [PAIRWISE], **change})


def test_a_view_of_an_earlier_version_does_not_stand_in_the_way(researcher: User) -> None:
    campaign = make_campaign(researcher)
    revise_campaign(campaign, {"questions": [PAIRWISE_PAIR]})
    assert [view.name for view in views_asked(campaign.current)] == ["pair"]
    import_rows(campaign, pair_rows(1))
    assert revise_campaign(campaign, {"questions": [{**PAIRWISE_PAIR, "title": "Which?"}]}).number == 3


@pytest.mark.parametrize("change", [{"name": "a\0b"}, {"name": ""}, {"questions": []}, {"overlap": -1}])
def test_a_wrong_revision_changes_nothing(researcher: User, change: dict[str, Any]) -> None:
    campaign = make_campaign(researcher)
    with pytest.raises(Invalid):
        revise_campaign(campaign, {"questions": [PAIRWISE], **change})
    campaign.refresh_from_db()
    assert (campaign.current.number, campaign.name) == (1, "pairs")


def test_states_follow_each_other(researcher: User) -> None:
    campaign = make_campaign(researcher)
    with pytest.raises(WrongState, match="import items before you launch"):
        change_state(campaign, "launch")
    import_rows(campaign, pair_rows(1))
    with pytest.raises(WrongState, match="cannot pause a campaign that is draft"):
        change_state(campaign, "pause")
    for change, state in [
        ("launch", "running"),
        ("launch", "running"),
        ("pause", "paused"),
        ("launch", "running"),
        ("close", "closed"),
        ("reopen", "running"),
    ]:
        assert change_state(campaign, change).state == state
    with pytest.raises(NotFound):
        change_state(campaign, "explode")
