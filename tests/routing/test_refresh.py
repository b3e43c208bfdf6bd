from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from annotate.campaigns import revise_campaign
from annotate.frames import Frames
from annotate.models import Annotation, Campaign, CampaignVersion, User
from routing import tasks
from routing.inconsistency import NOTHING
from routing.models import Report
from routing.reports import (
    FORMAT,
    LONG_SECONDS,
    MARK,
    REPORTS,
    SETTLED,
    due,
    failures_of,
    refresh,
    refresh_once,
    refresh_stale,
    report_of,
    takes_long,
    touch,
)
from routing.under_way import NAME, SILENT, Progress, TakenOver, progress_of, release, take, tell
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


def took(campaign: Campaign, seconds: float, ago: float) -> None:
    """Says that the last refresh took so long and ended so many seconds ago."""
    mark = Report.objects.get(campaign=campaign, name=MARK)
    mark.data["took"] = {**dict.fromkeys(REPORTS, 0.0), "inconsistency": seconds}
    mark.computed_at = timezone.now() - timedelta(seconds=ago)
    mark.save()


def test_what_takes_long_is_made_again_in_proportion(campaign: Campaign) -> None:
    settle(campaign)
    Annotation.objects.filter(campaign=campaign).update(changed_at=timezone.now())
    assert due() == [campaign.pk]
    took(campaign, 5.0, ago=99)
    assert due() == []
    took(campaign, 5.0, ago=101)
    assert due() == [campaign.pk]


def test_after_a_decision_a_long_refresh_waits_less(campaign: Campaign) -> None:
    settle(campaign)
    touch(campaign)
    took(campaign, 5.0, ago=9)
    assert due() == []
    took(campaign, 5.0, ago=11)
    assert due() == [campaign.pk]


def test_a_decision_during_a_refresh_is_not_forgotten(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(campaign)

    def decided(frames: Frames) -> Mapping[str, Any]:
        touch(frames.campaign)
        return {"groups": []}

    monkeypatch.setitem(REPORTS, "deciding", decided)
    refresh(campaign)
    assert due() == [campaign.pk]
    monkeypatch.delitem(REPORTS, "deciding")
    refresh(campaign)
    Report.objects.filter(campaign=campaign, name=MARK).update(computed_at=timezone.now() + SETTLED)
    assert due() == []


def test_a_report_that_fails_keeps_what_was_stored_and_holds_up_no_other(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(campaign)

    def broken(frames: Frames) -> Mapping[str, Any]:
        Campaign.objects.raw("SELECT no_such_column FROM annotate_campaign")[0]
        raise AssertionError

    after: dict[str, Any] = {"groups": ["later"]}
    monkeypatch.setattr("routing.reports.REPORTS", {"inconsistency": broken, "later": lambda frames: after})
    refresh(campaign)
    assert shown(campaign)["groups"][0]["n"] == 1
    assert report_of(campaign, "later") is not None
    assert "no_such_column" in failures_of(campaign)["inconsistency"]
    assert "later" not in failures_of(campaign)
    assert due() == []


def test_what_can_be_computed_again_has_not_failed(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routing.reports.REPORTS", {"inconsistency": lambda frames: 1 / 0})
    refresh(campaign)
    assert failures_of(campaign) == {"inconsistency": "ZeroDivisionError: division by zero"}
    monkeypatch.undo()
    refresh(campaign)
    assert failures_of(campaign) == {}


def test_reports_that_are_new_here_are_made(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(campaign)
    assert due() == []
    monkeypatch.setitem(REPORTS, "fresh", lambda frames: {})
    assert due() == [campaign.pk]


def test_one_worker_refreshes_while_the_other_leaves_it_alone(campaign: Campaign) -> None:
    token = take(campaign)
    assert token is not None
    refresh_once(campaign.pk)
    assert shown(campaign)["computed_at"] is None
    release(campaign, token)
    refresh_once(campaign.pk)
    assert shown(campaign)["computed_at"] is not None


def test_how_far_a_refresh_is_can_be_seen(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Progress | None] = []

    def looks(frames: Frames) -> Mapping[str, Any]:
        seen.append(progress_of(frames.campaign))
        return {}

    monkeypatch.setattr("routing.reports.REPORTS", {"first": lambda frames: {}, "second": looks})
    assert progress_of(campaign) is None
    refresh_once(campaign.pk)
    assert seen[0] is not None
    assert (seen[0].done, seen[0].total, seen[0].now) == (1, 2, "second")
    assert progress_of(campaign) is None


def test_a_worker_that_died_is_replaced_and_what_it_held_is_not_its_own_any_more(campaign: Campaign) -> None:
    token = take(campaign)
    assert token is not None
    Report.objects.filter(campaign=campaign, name=NAME).update(computed_at=timezone.now() - 2 * SILENT)
    assert progress_of(campaign) is None
    refresh_once(campaign.pk)
    assert shown(campaign)["groups"][0]["n"] == 1
    with pytest.raises(TakenOver):
        tell(campaign, token, 1, 2, "second")


def test_a_refresh_that_died_in_the_middle_leaves_the_reports_stale(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(campaign)

    def dies(frames: Frames) -> Mapping[str, Any]:
        raise KeyboardInterrupt

    monkeypatch.setitem(REPORTS, "dying", dies)
    with pytest.raises(KeyboardInterrupt):
        refresh(campaign)
    monkeypatch.delitem(REPORTS, "dying")
    assert due() == [campaign.pk]


def test_at_once_means_though_fresh(campaign: Campaign) -> None:
    refresh_once(campaign.pk)
    before = shown(campaign)["computed_at"]
    refresh_once(campaign.pk, at_once=True)
    assert shown(campaign)["computed_at"] > before


def test_campaigns_that_take_long_are_refreshed_apart(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not takes_long(campaign.pk)
    monkeypatch.setattr("routing.reports.MANY", 2)
    assert takes_long(campaign.pk)
    refresh(campaign)
    assert not takes_long(campaign.pk)
    took(campaign, LONG_SECONDS + 1, ago=0)
    assert takes_long(campaign.pk)


def test_reports_of_an_older_shape_are_made_again(campaign: Campaign) -> None:
    settle(campaign)
    Report.objects.filter(name=MARK).update(data={"took": {}, "format": FORMAT - 1})
    assert due() == [campaign.pk]


def test_the_round_sends_each_campaign_to_its_queue(
    campaign: Campaign, researcher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = compared(researcher, [pair_item("r1", PAIR)], slug="other")
    for each in (campaign, other):
        settle(each)
        touch(each)
    took(campaign, LONG_SECONDS + 1, ago=1000)
    sent: list[tuple[int, str]] = []
    monkeypatch.setattr(tasks.refresh_campaign, "apply_async", lambda args, queue, **_: sent.append((args[0], queue)))
    judges: list[str] = []
    monkeypatch.setattr(tasks.refresh_reliability, "apply_async", lambda queue, **_: judges.append(queue))
    tasks.refresh_reports()
    assert judges == ["reports"]
    assert sorted(sent) == sorted([(campaign.pk, "reports"), (other.pk, "default")])
