"""What the provider `local` writes, samples and weighs, on a tiny random model."""

import json
import math
import shutil
from pathlib import Path
from typing import Any

import pytest

from routing.judges import ConfigError, FreeText, Labels, Likelihood, Request, Reward, Structured
from routing.judges.base import Want
from routing.judges.local import LocalProvider
from tests.routing.judges.tiny import CONTEXT

pytestmark = pytest.mark.slow
VERDICT = {
    "type": "object",
    "properties": {"reasoning": {"type": "string", "maxLength": 12}, "verdict": {"enum": ["A", "B"]}},
    "required": ["reasoning", "verdict"],
    "additionalProperties": False,
}
TEXTS = ["short", "a somewhat longer prompt about Paris", "the capital of France " * 6, "12 34 56"]


def judge(folder: Path, **config: Any) -> LocalProvider:
    return LocalProvider({"model": str(folder), "device": "cpu", "threads": 1, "answer_tokens": 60, **config})


def ask(want: Want, content: str = "short", *turns: dict[str, str]) -> Request:
    return Request(({"role": "user", "content": content}, *turns), want)


def test_json_fits_its_schema_and_comes_in_its_order(tiny_model: Path) -> None:
    for reply in judge(tiny_model).answer([ask(Structured(VERDICT), text) for text in TEXTS]):
        assert reply.status == "ok"
        assert list(reply.value) == ["reasoning", "verdict"]
        assert reply.value["verdict"] in ("A", "B")
        assert len(reply.value["reasoning"]) <= 12
        assert json.loads(reply.raw["text"]) == reply.value
        assert reply.completion_tokens > 0


def test_no_text_holds_what_a_database_refuses(tiny_model: Path) -> None:
    """A random model at a high temperature writes every escape that it may."""
    schema = {"type": "array", "items": {"type": "string", "maxLength": 30}, "minItems": 3, "maxItems": 3}
    requests = [ask(Structured(schema), f"x {n}") for n in range(12)]
    replies = judge(tiny_model, temperature=2.0, answer_tokens=200).answer(requests)
    assert {reply.status for reply in replies} == {"ok"}
    for reply in replies:
        text = "".join(reply.value)
        assert "\0" not in text
        text.encode()


def test_each_kind_of_request_gets_its_own_in_one_batch(tiny_model: Path) -> None:
    wants: list[Want] = [Labels(("A", "B")), Structured(VERDICT), Likelihood(("thanks", "no")), FreeText(), Reward()]
    labels, written, likely, free, reward = judge(tiny_model).answer([ask(want) for want in wants])
    assert set(labels.probabilities) == {"A", "B"}
    assert set(written.value) == {"reasoning", "verdict"}
    assert len(likely.scores) == 2
    assert free.status in ("ok", "truncated")
    assert (reward.status, "no reward" in reward.raw["error"]) == ("provider_error", True)


def test_an_answer_that_was_cut_is_truncated_and_kept_as_evidence(tiny_model: Path) -> None:
    [reply] = judge(tiny_model, answer_tokens=3).answer([ask(Structured(VERDICT))])
    assert (reply.status, reply.value, reply.completion_tokens) == ("truncated", None, 3)
    assert reply.raw["error"] == "the answer was cut off at 3 tokens"
    assert reply.raw["text"].startswith("{")


def test_a_prompt_without_room_for_an_answer_says_what_it_needs(tiny_model: Path) -> None:
    [reply] = judge(tiny_model).answer([ask(FreeText(), "word " * CONTEXT)])
    assert reply.status == "truncated"
    assert (reply.raw["needed"] > CONTEXT, reply.raw["allowed"], reply.raw["too_long"]) == (True, CONTEXT, True)
    assert reply.prompt_tokens == reply.raw["needed"] - 1


def test_a_long_prompt_leaves_the_answer_what_room_there_is(tiny_model: Path) -> None:
    provider = judge(tiny_model, answer_tokens=CONTEXT)
    [reply] = provider.answer([ask(FreeText(), "word " * 40)])
    assert reply.prompt_tokens + reply.completion_tokens <= CONTEXT


def test_a_schema_that_cannot_be_held_to_fails_its_request_alone(tiny_model: Path) -> None:
    odd = {"type": "object", "patternProperties": {"(?=x)": {}}, "dependencies": {"a": ["b"]}, "$ref": "#/nowhere"}
    bad, good = judge(tiny_model).answer([ask(Structured(odd)), ask(Structured(VERDICT))])
    assert (bad.status, good.status) == ("provider_error", "ok")
    assert "the schema cannot be held to" in bad.raw["error"]


def test_the_same_seed_writes_the_same_and_another_does_not(tiny_model: Path) -> None:
    def texts(**config: Any) -> list[str]:
        replies = judge(tiny_model, temperature=1.5, answer_tokens=20, **config).answer(
            [ask(FreeText(), text) for text in TEXTS]
        )
        return [reply.raw["text"] for reply in replies]

    assert texts(seed=1) == texts(seed=1, batch_size=1)
    assert texts(seed=1) != texts(seed=2)


def test_likelihoods_are_those_of_a_plain_pass_over_the_users_next_turn(tiny_model: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    said = {"role": "assistant", "content": "Paris is the capital"}
    words = ("the response is better", "Which Paris")
    [reply] = judge(tiny_model).answer([ask(Likelihood(words), "What?", said)])
    tokenizer: Any = AutoTokenizer.from_pretrained(tiny_model)
    model: Any = AutoModelForCausalLM.from_pretrained(tiny_model)
    chat = [{"role": "user", "content": "What?"}, said]
    start = tokenizer.apply_chat_template(chat, tokenize=False) + "<|im_start|>user\n"
    begins = len(tokenizer(start)["input_ids"])
    for text, score in zip(words, reply.scores, strict=True):
        ids = tokenizer(start + text)["input_ids"]
        with torch.inference_mode():
            log_probs = model(torch.tensor([ids])).logits[0].log_softmax(-1)
        plain = sum(float(log_probs[at - 1, ids[at]]) for at in range(begins, len(ids)))
        assert score == pytest.approx(plain, abs=1e-3)
    assert reply.raw["tokens"] == [len(tokenizer(start + text)["input_ids"]) - begins for text in words]


def test_a_likelihood_beyond_the_context_is_truncated(tiny_model: Path) -> None:
    [reply] = judge(tiny_model).answer([ask(Likelihood(("x " * CONTEXT,)))])
    assert (reply.status, reply.scores) == ("truncated", ())


def test_reasoning_comes_before_the_labels_and_is_kept(tiny_model: Path) -> None:
    [plain] = judge(tiny_model).answer([ask(Labels(("A", "B")))])
    [reply] = judge(tiny_model, reasoning=True, answer_tokens=10).answer([ask(Labels(("A", "B")))])
    assert reply.status == "ok"
    assert sum(reply.probabilities.values()) == pytest.approx(1)
    assert reply.probabilities != pytest.approx(plain.probabilities)
    assert reply.completion_tokens <= 10
    assert set(reply.raw) >= {"reasoning", "reasoning_cut", "logprobs"}


def test_reasoning_leaves_room_for_the_labels(tiny_model: Path) -> None:
    provider = judge(tiny_model, reasoning=True, answer_tokens=CONTEXT)
    [reply] = provider.answer([ask(Labels(("A", "B")), "word " * 20)])
    assert reply.status == "ok"
    assert reply.prompt_tokens + reply.completion_tokens < CONTEXT


def test_weights_that_give_no_finite_probability_write_nothing(tiny_model: Path, tmp_path: Path) -> None:
    from transformers import LlamaForCausalLM

    broken = tmp_path / "broken"
    shutil.copytree(tiny_model, broken)
    model = LlamaForCausalLM.from_pretrained(tiny_model)
    model.model.norm.weight.data.fill_(float("nan"))
    model.save_pretrained(broken)
    wants: list[Want] = [FreeText(), Structured(VERDICT), Likelihood(("a b",))]
    for provider in (judge(broken), judge(broken, temperature=1.0)):
        replies = provider.answer([ask(want) for want in wants])
        assert {reply.status for reply in replies} == {"provider_error"}
        assert all("no finite probability" in reply.raw["error"] for reply in replies)


def test_half_precision_keeps_the_logits_fine(tiny_model: Path) -> None:
    requests = [ask(Labels(("A", "B")), f"prompt {n}") for n in range(20)]
    fine, coarse = (judge(tiny_model, dtype=dtype).answer(requests) for dtype in ("float32", "bfloat16"))
    odds = [math.log(reply.probabilities["A"] / reply.probabilities["B"]) for reply in coarse]
    assert len({round(each, 6) for each in odds}) == 20
    for one, other in zip(fine, coarse, strict=True):
        assert one.probabilities["A"] == pytest.approx(other.probabilities["A"], abs=0.1)


def test_the_revision_follows_the_settings_that_change_answers(tiny_model: Path) -> None:
    plain = judge(tiny_model).revision
    same: list[dict[str, Any]] = [{"batch_size": 2}, {"seed": 5}, {"answer_tokens": 7}, {"threads": 2}]
    other: list[dict[str, Any]] = [{"temperature": 0.5}, {"temperature": 0.5, "seed": 5}, {"reasoning": True}]
    other.append({"dtype": "bfloat16"})
    assert {judge(tiny_model, **config).revision for config in same} == {plain}
    assert len({plain, *(judge(tiny_model, **config).revision for config in other)}) == 5


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"temperature": 3}, "temperature is 3; it must be a number from 0 to 2"),
        ({"seed": -1}, "seed is -1; it must be a whole number of at least 0"),
        ({"answer_tokens": 0}, "answer_tokens is 0"),
        ({"reasoning": "yes"}, "reasoning is 'yes'; it must be true or false"),
    ],
)
def test_a_wrong_setting_says_what_would_be_right(config: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        LocalProvider(config)
