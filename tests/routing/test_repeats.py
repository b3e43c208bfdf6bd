"""A judge that is asked the same several times."""

import pytest

from annotate.errors import Invalid
from annotate.models import Annotation, Assignment, User
from routing.judging import start_run
from routing.models import JudgeCall
from tests.factories import PAIRWISE_PAIR, RATING_EACH
from tests.routing.judged import counts, judged_campaign, make_judge, work_on
from tests.routing.served import run_served, served_judge
from tests.routing.servers.model_server import ModelServer

pytestmark = pytest.mark.django_db


def test_every_unit_is_answered_in_every_round(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, 2, PAIRWISE_PAIR))
    run = start_run(judge, None, repeats=3, send=False)
    work_on(run)
    assert counts(run) == ("done", 6, 0, 6)
    rounds = Annotation.objects.order_by("unit", "round").values_list("round", flat=True)
    assert list(rounds) == [0, 1, 2] * 2
    assert set(Assignment.objects.filter(reserved_for=judge.annotator).values_list("slot", flat=True)) == {None}


def test_a_later_run_adds_the_rounds_that_are_missing_and_no_more(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, 2, PAIRWISE_PAIR))
    for repeats, answered in ((1, 2), (3, 6), (2, 4)):
        run = start_run(judge, None, repeats=repeats, send=False)
        work_on(run)
        assert counts(run) == ("done", answered, 0, answered)
    assert Annotation.objects.count() == 6


@pytest.mark.parametrize(("config", "seeds"), [({"temperature": 1.0, "seed": 7}, 2), ({}, 1)])
def test_each_round_is_asked_anew_and_drawn_anew_where_answers_are_drawn(
    researcher: User, config: dict[str, object], seeds: int
) -> None:
    with ModelServer("Answer: 5") as server:
        judge = served_judge(judged_campaign(researcher, [("one", "two")], RATING_EACH), server, config=config)
        assert counts(run_served(judge, repeats=2)) == ("done", 4, 0, 4)
        assert len(server.requests) == 4
        assert len({seen.body.get("seed") for seen in server.requests}) == seeds
    assert JudgeCall.objects.values("request_digest").distinct().count() == 4


@pytest.mark.parametrize("repeats", [0, -1, 1000])
def test_a_number_of_repeats_that_makes_no_sense_is_refused(researcher: User, repeats: int) -> None:
    judge = make_judge(judged_campaign(researcher, 1))
    with pytest.raises(Invalid, match="repeats"):
        start_run(judge, None, repeats=repeats)
