"""A head trained on a campaign's labels, from people's answers to a judge that runs."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from annotate.campaigns import change_state
from annotate.errors import Invalid
from annotate.models import Annotator, Campaign, User
from routing.heads.pairs import labelled_pairs, most_answered
from routing.heads.training import train_head
from routing.judges import ConfigError, FreeText, Request, Reward, provider
from routing.judges.base import Want
from tests.factories import PAIRWISE_PAIR, RATING_EACH, import_rows, make_campaign
from tests.routing.judged import run_now

pytestmark = pytest.mark.django_db
KIND = "Thank you so much for asking, here is a friendly answer about {}."
RUDE = "Go away, I hate questions about {} and you are stupid."
TOPICS = ["rain", "bread", "cats", "Rome", "chess", "bees", "tea", "snow", "jazz", "salt", "wool", "maps", "ink", "oak"]


def people_say(preferred: str | None, **more: Any) -> dict[str, Any]:
    return {
        "annotator": "ann",
        "kind": "human",
        "answers": {"better": {"preferred": preferred}},
        "shown": ["a", "b"],
    } | more


def row(number: int, annotations: list[dict[str, Any]]) -> dict[str, Any]:
    topic = TOPICS[number % len(TOPICS)]
    turned = number % 2
    texts = [KIND.format(topic), RUDE.format(topic)]
    completions = [{"key": key, "text": texts[(n + turned) % 2]} for n, key in enumerate("ab")]
    prompt = f"Tell me about {topic} ({number})"
    return {"key": f"r{number}", "prompt": prompt, "completions": completions, "annotations": annotations}


def labelled(user: User, count: int, *questions: Any) -> Campaign:
    """A campaign in which one person prefers the friendly answer, whichever side it is on."""
    campaign = make_campaign(user, questions=questions or (PAIRWISE_PAIR,))
    rows = [row(n, [people_say("ab"[n % 2])]) for n in range(count)]
    job = import_rows(campaign, rows)
    assert job.done == count, list(job.errors.values())
    return campaign


def test_pairs_are_what_people_prefer_and_judges_do_not_count(researcher: User) -> None:
    campaign = make_campaign(researcher, questions=(PAIRWISE_PAIR,))
    said = [people_say("a"), people_say(None, annotator="bob"), people_say("b", annotator="x", kind="judge")]
    assert import_rows(campaign, [row(0, said), row(1, [people_say("b")])]).done == 2
    assert [pair.outcome for pair in labelled_pairs(campaign, "better")] == [0.75, 0.0]
    assert len({pair.group for pair in labelled_pairs(campaign, "better")}) == 2
    assert most_answered(campaign) == "better"


def test_ratings_make_pairs_within_an_item(researcher: User) -> None:
    campaign = make_campaign(researcher, questions=(RATING_EACH,))
    said = [
        {"annotator": who, "kind": "human", "answers": {"score": {key: value}}}
        for who, key, value in (("ann", "a", 5), ("bob", "a", 2), ("ann", "b", 3), ("cid", "c", 3))
    ]
    rows = row(0, said)
    rows["completions"].append({"key": "c", "text": "Hm."})
    assert import_rows(campaign, [rows]).done == 1
    assert [pair.outcome for pair in labelled_pairs(campaign, "score")] == [1.0, 1.0, 0.5]  # 3.5, 3 and 3
    assert most_answered(campaign) == "score"


def test_too_few_labels_are_refused_with_what_is_needed(researcher: User) -> None:
    campaign = labelled(researcher, 12)
    with pytest.raises(Invalid, match=r"prefer one side in 12 pairs of 12 prompts; 30 pairs of 10 prompts are needed"):
        train_head(campaign, "head")
    assert not Annotator.objects.filter(kind="judge").exists()


def test_a_campaign_without_answers_says_so(researcher: User) -> None:
    campaign = make_campaign(researcher, questions=(PAIRWISE_PAIR,))
    with pytest.raises(Invalid, match="people have given no preference and no rating yet"):
        train_head(campaign, "head")


def test_the_command_says_what_is_missing(researcher: User) -> None:
    labelled(researcher, 3)
    with pytest.raises(CommandError, match="too few labels to train on"):
        call_command("train_head", "pairs", "head")


@pytest.mark.slow
def test_a_head_trained_on_the_campaigns_labels_judges_the_campaign(researcher: User) -> None:
    campaign, said = labelled(researcher, 34), StringIO()
    call_command("train_head", "pairs", "head", stdout=said)
    assert "head is trained on 34 pairs of 34 prompts (better); on prompts held out" in said.getvalue()
    judge = campaign.judges.get()
    config = judge.config
    assert (config["question"], config["pairs"], config["groups"]) == ("better", 34, 34)
    assert config["trained_on"] == sorted(campaign.prompt_groups.values_list("pk", flat=True))
    assert config["accuracy"] > 0.9
    assert judge.protocols["pairwise"]["name"] == "scalar_reward"
    fresh = [row(n, []) | {"prompt": f"What about {n}?"} for n in (40, 41)]
    assert import_rows(campaign, fresh).done == 2
    change_state(campaign, "launch")
    assert run_now(judge).state == "done"
    preferred = {v.assignment.unit.item.key: (v.answer or {}).get("preferred") for v in judge.verdicts.all()}
    assert (preferred["r40"], preferred["r41"]) == ("a", "b")


@pytest.mark.slow
def test_long_texts_are_read_to_their_end() -> None:
    from pathlib import Path

    from routing.judges.inference.embedding import LONGEST, load_embedder
    from routing.judges.weights import find_weights

    embedder = load_embedder(find_weights("minilm", Path()), "cpu", 1)
    start = "The weather in spring is mild. " * 60
    one, other = start + "Cats purr." * 20, start + "Banks lend money." * 20
    chunks = embedder.chunks(one)
    assert len(chunks) > 1
    assert max(map(len, chunks)) <= LONGEST - 2
    vectors = embedder.embed([one, other, "", start, one], batch_size=3)
    assert abs(float(vectors[0] @ vectors[1])) < 0.995
    assert vectors[0] == pytest.approx(vectors[4], abs=1e-5)
    assert [round(float(v @ v), 5) for v in vectors] == [1, 1, 0, 1, 1]


@pytest.mark.parametrize(("head", "message"), [("", "head is empty"), ("?", "head is no trained head")])
def test_a_judge_without_a_head_says_what_to_do(head: str, message: str) -> None:
    request = Request(({"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}), Reward())
    with pytest.raises(ConfigError, match=message):
        provider("embedding_head")({"head": head}).answer([request])


@pytest.mark.slow
def test_a_head_gives_rewards_alone() -> None:
    import numpy as np

    from routing.heads.features import written

    judge = provider("embedding_head")({"head": written(np.ones(3 * 384)), "device": "cpu", "threads": 1})
    wants: list[Want] = [Reward(), FreeText()]
    turns = ({"role": "user", "content": "x"}, {"role": "assistant", "content": "y"})
    reward, text = judge.answer([Request(turns, want) for want in wants])
    assert (reward.status, len(reward.scores)) == ("ok", 1)
    assert text.status == "provider_error"
    assert judge.answer([]) == []
