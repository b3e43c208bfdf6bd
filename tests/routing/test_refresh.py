from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from annotate.campaigns import revise_campaign
from annotate.models import Annotation, Campaign, CampaignVersion, User
from routing.inconsistency import NOTHING
from routing.models import Report
from routing.reports import FORMAT, MARK, SETTLED, due, refresh, refresh_once, refresh_stale, report_of, touch
from tests.factories import PAIRWISE_PAIR, RATING_EACH, import_rows
from tests.routing.compared import compared, pair_item

pytestmark = pytest.mark.django_db

PAIR = ("ann", "human", 5, 3, "a")


def annotated_at(campaign: Campaign, moment: datetime, reported: timedelta) -> None:
    """Moves the annotations to `moment` and the report that saw them to `reported` after it."""
    CampaignVersion.objects.filter(campaign=campaign).update(created_at=moment)
    Annotation.objects.filter(campaign=campaign).update(changed_at=moment)
    refresh(campaign)
    Report.objects.filter(campaign=campaign).update(computed_at=moment + reported)


def shown(campaign: Campaign) -> Mapping[str, Any]:
    return report_of(campaign, "inconsistency") or NOTHING


def settle(campaign: Campaign) -> None:
    annotated_at(campaign, timezone.now() - 4 * SETTLED, SETTLED + timedelta(seconds=1))


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    return compared(researcher, [pair_item("r1", PAIR)])


def test_a_report_is_made_where_there_was_none(campaign: Campaign) -> None:
    assert shown(campaign)["computed_at"] is None
    assert refresh_stale() == 1
    assert shown(campaign)["groups"][0]["n"] == 1


def test_what_is_fresh_is_left_alone(campaign: Campaign, researcher: User) -> None:
    other = compared(researcher, [pair_item("r1", PAIR)], slug="other")
    settle(campaign)
    settle(other)
    before = shown(campaign)["computed_at"]
    assert refresh_stale() == 0
    import_rows(other, [pair_item("r2", PAIR)])
    assert refresh_stale() == 1
    assert shown(campaign)["computed_at"] == before
    assert shown(other)["groups"][0]["n"] == 2


def test_a_changed_answer_makes_the_report_stale(campaign: Campaign) -> None:
    settle(campaign)
    Annotation.objects.filter(campaign=campaign).update(changed_at=timezone.now())
    assert refresh_stale() == 1


def test_a_report_made_in_the_dust_is_made_once_more_when_it_has_settled(campaign: Campaign) -> None:
    annotated_at(campaign, timezone.now() - 2 * SETTLED, timedelta(seconds=1))
    assert refresh_stale() == 1
    assert refresh_stale() == 0


def test_the_dust_is_waited_for(campaign: Campaign) -> None:
    assert refresh_stale() == 1
    assert refresh_stale() == 0  # the newest annotation is seconds old


def test_new_questions_make_the_report_stale(campaign: Campaign) -> None:
    settle(campaign)
    revise_campaign(campaign, {"questions": [RATING_EACH, {**PAIRWISE_PAIR, "name": "nicer"}], "overlap": 3})
    assert refresh_stale() == 1
    assert shown(campaign)["groups"] == []


def test_a_campaign_without_annotations_is_not_touched(researcher: User) -> None:
    compared(researcher, [pair_item("r1")])
    assert refresh_stale() == 0


def test_the_beat_names_each_stale_campaign_and_a_worker_refreshes_it_once(campaign: Campaign) -> None:
    assert due() == [campaign.pk]
    refresh_once(campaign.pk)
    assert due() == []
    before = shown(campaign)["computed_at"]
    refresh_once(campaign.pk)
    assert shown(campaign)["computed_at"] == before


def test_what_takes_long_is_made_again_in_proportion(campaign: Campaign) -> None:
    settle(campaign)
    touch(campaign)
    assert due() == [campaign.pk]
    mark = Report.objects.get(campaign=campaign, name=MARK)
    mark.data["took"] = {"inconsistency": 5.0}
    mark.computed_at = timezone.now() - timedelta(seconds=99)
    mark.save()
    assert due() == []
    Report.objects.filter(pk=mark.pk).update(computed_at=timezone.now() - timedelta(seconds=101))
    assert due() == [campaign.pk]


def test_reports_of_an_older_shape_are_made_again(campaign: Campaign) -> None:
    settle(campaign)
    Report.objects.filter(name=MARK).update(data={"took": {}, "format": FORMAT - 1})
    assert due() == [campaign.pk]
