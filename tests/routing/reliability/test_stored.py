"""When the stored report is made again, and what is answered meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from annotate.models import Annotation, User
from routing.models import Judge, JudgeRun, Report
from routing.reliability import stored
from routing.reliability.stored import SETTLED, refresh, refresh_stale, report_of
from tests.routing.judged import make_judge
from tests.routing.reliability.told import told_campaign, told_judge

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]


@pytest.fixture
def judge(researcher: User) -> Judge:
    judge = told_judge(researcher, [("0.9 0.2", "a")])
    moment = timezone.now() - 4 * SETTLED
    Annotation.objects.update(changed_at=moment)
    JudgeRun.objects.update(ended_at=moment)
    return judge


def aged(seconds: float = 60, **data: Any) -> None:
    """Makes the stored reports so much older."""
    for report in Report.objects.all():
        report.computed_at -= timedelta(seconds=seconds)
        report.data |= data
        report.save()


def test_it_is_made_where_there_is_none_and_left_alone_while_fresh(judge: Judge) -> None:
    assert (refresh_stale(), refresh_stale()) == (1, 0)
    report = Report.objects.get(name=f"reliability:{judge.pk}")
    assert report.data["questions"][0]["n"] == 1


def test_a_person_who_answers_makes_it_stale(judge: Judge) -> None:
    refresh_stale()
    Annotation.objects.filter(annotator__kind="human").update(changed_at=timezone.now())
    aged()
    assert refresh_stale() == 1


def test_a_run_that_ended_without_an_answer_makes_it_stale(judge: Judge) -> None:
    refresh_stale()
    JudgeRun.objects.update(ended_at=timezone.now())
    aged()
    assert refresh_stale() == 1


def test_a_report_that_takes_long_is_made_less_often(judge: Judge) -> None:
    refresh_stale()
    Annotation.objects.update(changed_at=timezone.now())
    aged(seconds=60, took=10.0)
    assert refresh_stale() == 0
    aged(seconds=200)
    assert refresh_stale() == 1


def test_one_made_in_the_dust_is_made_once_more(judge: Judge) -> None:
    newest = timezone.now() - 2 * SETTLED
    Annotation.objects.update(changed_at=newest)
    refresh(judge)
    Report.objects.update(computed_at=newest + timedelta(seconds=1))
    assert (refresh_stale(), refresh_stale()) == (1, 0)


def test_a_report_of_an_older_format_is_made_again(judge: Judge) -> None:
    refresh_stale()
    aged(seconds=0, format=0)
    assert refresh_stale() == 1


def test_who_asks_gets_a_fresh_one(judge: Judge) -> None:
    assert report_of(judge)["questions"][0]["against"]["people"]["n"] == 1
    Annotation.objects.filter(annotator__kind="human").delete()
    aged()
    assert report_of(judge)["questions"][0]["against"]["people"] is None


def test_who_asks_does_not_wait_for_a_slow_one(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "QUICK_VERDICTS", 0)
    short = report_of(judge)
    assert short["computed_at"] is None
    assert [(each["question"], each["n"]) for each in short["questions"]] == [("better", 1)]
    refresh(judge)
    Annotation.objects.update(changed_at=timezone.now())
    aged(seconds=3600, took=30.0)
    computed = Report.objects.get().data["computed_at"]
    assert report_of(judge)["computed_at"] == computed


def test_a_judge_without_verdicts_has_an_empty_report_that_is_not_stored(researcher: User) -> None:
    judge = make_judge(told_campaign(researcher, [("0.9 0.2", "")]), "told")
    assert report_of(judge)["questions"] == []
    assert refresh_stale() == 0
    assert not Report.objects.exists()
