"""Which protocol a judge puts a question by, chosen or not."""

from typing import Any

import pytest

from annotate.errors import Invalid
from annotate.models import User
from routing.choosing import choose, default_protocols
from routing.judges import provider
from tests.factories import PAIRWISE_PAIR, RATING_EACH, make_campaign
from tests.routing.judged import TEXT

pytestmark = pytest.mark.django_db
RULE, REWARD = provider("scripted")({}), provider("reward")({"model": "x"})
SECOND = {**PAIRWISE_PAIR, "name": "safer"}
TOGETHER = {"name": "together", "kind": "rating", "shows": "all", "config": {"min": 1, "max": 5}}


def named(protocols: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {key: entry["name"] for key, entry in protocols.items()}


def test_the_usual_protocol_is_the_one_named_like_the_kind(researcher: User) -> None:
    found = named(default_protocols(make_campaign(researcher, questions=[PAIRWISE_PAIR, RATING_EACH, TEXT]), RULE))
    assert (found["pairwise"], found["rating"]) == ("pairwise", "rating")
    assert found["text"] == "critique"


def test_a_provider_that_cannot_meet_its_needs_gets_the_first_that_it_can(researcher: User) -> None:
    found = named(default_protocols(make_campaign(researcher, questions=[PAIRWISE_PAIR, RATING_EACH, TEXT]), REWARD))
    assert found["pairwise"] == "scalar_reward"
    assert "rating" not in found
    assert "text" not in found


def test_a_question_that_the_usual_one_cannot_judge_gets_one_that_can(researcher: User) -> None:
    found = named(default_protocols(make_campaign(researcher, questions=[RATING_EACH, TOGETHER]), RULE))
    kind, own = found["rating"], found.get("question:together", found["rating"])
    assert kind == "rating"
    assert own in ("rating", "aspects")


def test_what_is_chosen_goes_before_the_usual(researcher: User) -> None:
    campaign = make_campaign(researcher, questions=[PAIRWISE_PAIR, SECOND])
    persona = {"name": "persona", "config": {"profile": "A nurse."}}
    found = choose(campaign, RULE, {"question:safer": persona})
    assert found["question:safer"]["config"] == {"profile": "A nurse."}
    assert found["question:safer"]["version"] >= 1
    assert found["pairwise"]["name"] == "pairwise"


def test_a_question_is_left_out_and_the_others_of_its_kind_are_not(researcher: User) -> None:
    campaign = make_campaign(researcher, questions=[PAIRWISE_PAIR, SECOND, RATING_EACH])
    found = named(choose(campaign, RULE, {"question:safer": None}))
    assert "pairwise" not in found
    assert "question:safer" not in found
    assert (found["question:better"], found["rating"]) == ("pairwise", "rating")
    assert "rating" not in named(choose(campaign, RULE, {"rating": None}))


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ([], "protocols", "an object"),
        ({"pairwise": "persona"}, "protocols.pairwise", "an object"),
        ({"better": {}}, "protocols.better", "known are"),
        ({"question:worse": {}}, "protocols.question:worse", "question:better"),
        ({"pairwise": {"name": "pairwse"}}, "protocols.pairwise.name", "did you mean"),
        ({"pairwise": {"name": "rating"}}, "protocols.pairwise.name", "judges rating questions"),
        ({"pairwise": {"name": "scalar_reward"}}, "protocols.pairwise.name", "needs a reward"),
        ({"pairwise": {"name": "persona", "config": 3}}, "protocols.pairwise.config", "an object"),
        ({"pairwise": {"name": "persona", "config": {"a": 1}}}, "protocols.pairwise.config", "no setting 'a'"),
        ({"question:better": {"name": "principles"}}, "protocols.question:better.name", "at least one principle"),
    ],
)
def test_what_cannot_be_chosen_is_refused_by_the_field(researcher: User, given: Any, field: str, message: str) -> None:
    textual = provider("openai")({"model": "m"})
    with pytest.raises(Invalid) as refused:
        choose(make_campaign(researcher, questions=[PAIRWISE_PAIR]), textual, given)
    assert message in refused.value.fields[field]
