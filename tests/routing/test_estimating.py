"""What a run would ask and cost, held against what it then asks."""

from typing import Any

import pytest

from annotate.errors import Invalid
from annotate.models import Campaign, Organisation, User
from routing.creating import create_judge
from routing.estimating import SAMPLE, clean_repeats, estimate
from routing.models import Budget, Judge, JudgeCall, Price
from routing.pricing import known_price
from tests.factories import PAIRWISE_PAIR, RATING_EACH, make_user
from tests.routing.judged import judged_campaign, make_judge, run_now
from tests.routing.servers.model_server import Answer, ModelServer

pytestmark = pytest.mark.django_db
PRICE = {"input": 1, "output": 10}
CAPABLE = {"labels": "logprobs", "structured": "json_schema"}


def served(campaign: Campaign, server: ModelServer, name: str = "served", **spec: Any) -> Judge:
    """A judge whose server was probed, with a price unless `spec` says otherwise."""
    given: dict[str, Any] = {"config": {"model": "tiny", "reasoning": False}, "price": PRICE, **spec}
    known = campaign.organisation.endpoints.first()
    judge = create_judge(
        campaign,
        {"name": name, "provider": "openai", "endpoint": known.name if known else {"url": server.url}, **given},
    )
    assert judge.endpoint
    judge.endpoint.capabilities = {"tiny": CAPABLE}
    judge.endpoint.save()
    return judge


def test_the_calls_of_a_small_campaign_are_counted(researcher: User) -> None:
    found = estimate(make_judge(judged_campaign(researcher, 4)))
    assert (found.units, found.done, found.calls, found.exact) == (12, 0, 16, True)
    assert {part.question: (part.units, part.calls) for part in found.parts} == {"score": (8, 8), "better": (4, 8)}
    assert (found.expected, found.worst, found.seconds) == (0, 0, None)


def test_what_is_dealt_with_is_not_counted_and_repeats_are(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, 4))
    run_now(judge)
    assert (estimate(judge).units, estimate(judge).done, estimate(judge).calls) == (0, 12, 0)
    again = estimate(judge, 3)
    assert (again.units, again.done, again.calls) == (24, 12, 32)
    assert again.seconds is not None


def test_a_large_campaign_is_estimated_from_a_sample(researcher: User) -> None:
    campaign = judged_campaign(researcher, SAMPLE + 20, PAIRWISE_PAIR)
    found = estimate(make_judge(campaign))
    assert (found.units, found.sampled, found.calls, found.exact) == (SAMPLE + 20, SAMPLE, 2 * (SAMPLE + 20), False)
    same = estimate(make_judge(campaign, name="other"))
    assert [part.prompt_tokens for part in same.parts] == [part.prompt_tokens for part in found.parts]


def test_the_expected_cost_is_that_of_the_run_once_tokens_are_known(researcher: User) -> None:
    campaign = judged_campaign(researcher, 3, PAIRWISE_PAIR)
    with ModelServer(Answer("A", {"A": 0.6, "B": 0.4}, usage=(200, 1))) as server:
        judge = served(campaign, server)
        guessed = estimate(judge)
        assert guessed.expected is not None
        assert guessed.worst is not None
        assert 0 < guessed.expected < guessed.worst
        assert not guessed.measured
        run = run_now(judge)
    assert run.state == "done", run.error
    assert run.spent == 6 * (200 * 1 + 1 * 10) <= guessed.worst
    again = estimate(judge, 2)
    assert again.measured
    assert again.expected == run.spent


def test_calls_that_the_organisation_has_made_already_cost_nothing(researcher: User) -> None:
    campaign = judged_campaign(researcher, 3, PAIRWISE_PAIR)
    with ModelServer(Answer("A", {"A": 0.6, "B": 0.4})) as server:
        run_now(served(campaign, server))
        twin = estimate(served(campaign, server, "twin"))
    assert (twin.units, twin.calls, twin.stored, twin.expected, twin.worst) == (3, 0, 6, 0, 0)


def test_stages_are_planned_to_their_end(researcher: User) -> None:
    campaign = judged_campaign(researcher, 2, PAIRWISE_PAIR)
    chosen = {"question:better": {"name": "self_reference"}}
    with ModelServer() as server:
        found = estimate(served(campaign, server, protocols=chosen))
    assert found.calls == 2 * 3  # its own answer, then both orders


def test_an_unknown_price_is_no_cost_of_zero(researcher: User) -> None:
    campaign = judged_campaign(researcher, 2, PAIRWISE_PAIR)
    with ModelServer() as server:
        judge = served(campaign, server, price=None)
        assert (estimate(judge).expected, estimate(judge).worst) == (None, None)
        assert estimate(judge).payload()["expected"] is None
        Price.objects.create(organisation=campaign.organisation, model="tiny", input=3, output=0)
        known_price(judge)
        assert (judge.price, Judge.objects.get().price) == ({"input": 3.0, "output": 0.0},) * 2
        assert estimate(judge).expected


def test_what_the_judge_cannot_answer_is_left_out_and_said(researcher: User) -> None:
    campaign = judged_campaign(researcher, 2, RATING_EACH, PAIRWISE_PAIR)
    judge = create_judge(campaign, {"name": "j", "provider": "scripted", "protocols": {"rating": None}})
    found = estimate(judge)
    assert [part.question for part in found.parts] == ["better"]
    assert found.skipped == {"each": "score: this judge has no protocol for rating questions"}


@pytest.mark.parametrize("value", [0, 11, True, 1.5, "many", "", None, "9" * 5000, [2]])
def test_odd_repeats_are_refused(value: Any) -> None:
    with pytest.raises(Invalid, match="repeats"):
        clean_repeats(value)


def test_an_estimate_writes_nothing_and_asks_nobody(researcher: User) -> None:
    campaign = judged_campaign(researcher, 3, PAIRWISE_PAIR)
    with ModelServer() as server:
        estimate(served(campaign, server), 5)
        assert not server.requests
    assert not JudgeCall.objects.exists()
    assert not Budget.objects.exists()
    assert not campaign.assignments.filter(slot=None).exists()


def test_another_organisations_calls_are_not_taken_over(researcher: User) -> None:
    campaign = judged_campaign(researcher, 1, PAIRWISE_PAIR)
    stranger = make_user("sam", "researcher", Organisation.objects.create(name="Elsewhere"))
    theirs = judged_campaign(stranger, 1, PAIRWISE_PAIR, slug="pairs")
    with ModelServer(Answer("A", {"A": 0.6, "B": 0.4})) as server:
        run_now(served(theirs, server))
        assert (estimate(served(campaign, server)).stored, estimate(served(campaign, server, "b")).calls) == (0, 2)
