"""Judges that a campaign's definition names run by themselves."""

import pytest

from annotate.campaigns import change_state
from annotate.errors import Exists, Invalid
from annotate.models import Campaign, User
from routing.judging import start_run
from routing.models import Judge, JudgeRun
from routing.receivers import start_judges
from tests.factories import PAIRWISE_PAIR, import_rows, make_campaign, pair_rows
from tests.routing.judged import counts, work_on

pytestmark = pytest.mark.django_db

JUDGES = [{"name": "judy", "provider": "scripted", "config": {"rule": "hash"}}]


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    return make_campaign(researcher, questions=[PAIRWISE_PAIR], judges=JUDGES)


def runs() -> list[JudgeRun]:
    return list(JudgeRun.objects.order_by("pk"))


def test_the_judges_of_a_definition_are_created_and_run_at_launch(campaign: Campaign) -> None:
    import_rows(campaign, pair_rows(2))
    assert runs() == []
    change_state(campaign, "launch")
    [run] = runs()
    work_on(run)
    assert counts(run) == ("done", 2, 0, 2)


def test_items_imported_later_start_a_run(campaign: Campaign) -> None:
    import_rows(campaign, pair_rows(1))
    change_state(campaign, "launch")
    work_on(runs()[0])
    import_rows(campaign, pair_rows(3))
    assert len(runs()) == 2
    work_on(runs()[1])
    assert counts(runs()[1]) == ("done", 3, 0, 3)


def test_an_import_that_adds_nothing_starts_none(campaign: Campaign) -> None:
    import_rows(campaign, pair_rows(1))
    change_state(campaign, "launch")
    work_on(runs()[0])
    import_rows(campaign, pair_rows(1))
    assert len(runs()) == 1


def test_an_import_during_a_run_starts_no_second_one(campaign: Campaign) -> None:
    import_rows(campaign, pair_rows(1))
    change_state(campaign, "launch")
    job = import_rows(campaign, pair_rows(2))
    assert (job.state, len(runs())) == ("done", 1)
    work_on(runs()[0])
    assert counts(runs()[0]) == ("done", 2, 0, 2)


def test_a_campaign_launched_during_an_import_has_its_late_items_judged(campaign: Campaign) -> None:
    """The import holds the campaign as it was when it began: a draft."""
    import_rows(campaign, pair_rows(1))
    as_it_was = Campaign.objects.get(pk=campaign.pk)
    change_state(campaign, "launch")
    work_on(runs()[0])
    import_rows(campaign, pair_rows(2))
    JudgeRun.objects.filter(pk=runs()[1].pk).delete()
    start_judges(campaign=as_it_was)
    assert len(runs()) == 2


def test_launching_twice_starts_one_run(campaign: Campaign) -> None:
    import_rows(campaign, pair_rows(1))
    change_state(campaign, "launch")
    change_state(campaign, "launch")
    assert len(runs()) == 1
    with pytest.raises(Exception, match="going on already"):
        start_run(Judge.objects.get(), None)


@pytest.mark.parametrize(
    ("judges", "error"),
    [("judy", Invalid), ([7], Invalid), ([{"name": "j", "provider": "none"}], Invalid), (JUDGES * 2, Exists)],
)
def test_a_definition_with_a_judge_that_cannot_be_makes_no_campaign(
    researcher: User, judges: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        make_campaign(researcher, questions=[PAIRWISE_PAIR], judges=judges)
    assert not Campaign.objects.exists()
