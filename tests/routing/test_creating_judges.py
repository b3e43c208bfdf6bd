from typing import Any

import pytest

from annotate.errors import Exists, Invalid, WrongState
from annotate.models import Annotator, User
from routing.creating import create_judge
from routing.judging import start_run
from routing.models import Judge
from tests.factories import make_campaign
from tests.routing.judged import judged_campaign, make_judge

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("spec", "field", "message"),
    [
        ({"name": "j", "provider": "scriptd"}, "provider", "did you mean 'scripted'"),
        ({"name": "j"}, "provider", "there is no judge provider named ''"),
        ({"name": "j", "provider": 7}, "provider", "there is no judge provider named '7'"),
        ({"name": " ", "provider": "scripted"}, "name", "1 to 200 characters"),
        ({"name": "x" * 201, "provider": "scripted"}, "name", "1 to 200 characters"),
        ({"provider": "scripted"}, "name", "1 to 200 characters"),
        ({"name": "j", "provider": "scripted", "config": []}, "config", "an object"),
        ({"name": "j", "provider": "scripted", "config": {"rule": "best"}}, "config", "one of longer"),
        ({"name": "j", "provider": "scripted", "config": {"ruel": "first"}}, "config", "did you mean 'rule'"),
        ({"name": "j", "provider": "local", "config": {"model": "a\0b"}}, "config.model", "NUL"),
        (["j"], "judge", "an object"),
    ],
)
def test_a_judge_that_cannot_work_is_refused_with_the_reason(
    researcher: User, spec: Any, field: str, message: str
) -> None:
    campaign = make_campaign(researcher)
    with pytest.raises(Invalid) as refused:
        create_judge(campaign, spec)
    assert message in refused.value.fields[field]
    assert not Annotator.objects.filter(kind="judge").exists()


def test_a_name_is_used_once_in_a_campaign(researcher: User) -> None:
    campaign, other = make_campaign(researcher), make_campaign(researcher, "other")
    make_judge(campaign)
    with pytest.raises(Exists, match="choose another name"):
        make_judge(campaign, name=" judy ")
    assert make_judge(other).annotator_id != Judge.objects.get(campaign=campaign).annotator_id


def test_a_judge_keeps_the_protocols_of_its_day(researcher: User) -> None:
    judge = make_judge(make_campaign(researcher))
    assert judge.protocols == {
        "checklist": {"name": "checklist", "version": 1, "config": {}},
        "choice": {"name": "choice", "version": 1, "config": {}},
        "pairwise": {"name": "pairwise", "version": 2, "config": {}},
        "ranking": {"name": "ranking", "version": 1, "config": {}},
        "rating": {"name": "rating", "version": 2, "config": {}},
        "span": {"name": "spans", "version": 1, "config": {}},
        "text": {"name": "critique", "version": 1, "config": {}},
    }


def test_a_run_needs_a_running_campaign(researcher: User) -> None:
    judge = make_judge(make_campaign(researcher))
    with pytest.raises(WrongState, match="launch the campaign"):
        start_run(judge, researcher)


def test_one_run_of_a_judge_at_a_time(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher))
    start_run(judge, researcher)
    with pytest.raises(WrongState, match="going on already"):
        start_run(judge, researcher)
