"""What is sent to OpenAI-compatible servers, and what is made of what they answer. All of it pure."""

import math
from typing import Any

import pytest

from routing.judges import ConfigError, FreeText, Labels, Request, Structured, provider
from routing.judges.openai import OpenAIProvider
from routing.judges.remote import LADDER, Received, Repair, Rung
from tests.routing.servers import Answer
from tests.routing.servers.model_server import completion

MESSAGES = ({"role": "system", "content": "You judge."}, {"role": "user", "content": "Which is better?"})
AB = Request(MESSAGES, Labels(("A", "B")))
POINTS: dict[str, Any] = {
    "type": "object",
    "properties": {"points": {"type": "array", "items": {"type": "string"}, "minItems": 1}},
    "required": ["points"],
    "additionalProperties": False,
}


def model(**config: Any) -> OpenAIProvider:
    return OpenAIProvider({"model": "tiny", **config})


def body(request: Request, rung: Rung, repair: Repair | None = None, **config: Any) -> dict[str, Any]:
    return model(**config).write(request, rung, 100, repair).body


def read(answer: Answer | str, rung: Rung = "text", request: Request = AB) -> Received:
    given = Answer(answer) if isinstance(answer, str) else answer
    payload = completion({"model": "tiny"}, given, given.text, rung == "logprobs")
    return model().read(request, rung, payload)


def test_label_probabilities_take_one_token() -> None:
    sent = body(AB, "logprobs", seed=7)
    assert {key: value for key, value in sent.items() if key != "messages"} == {
        "model": "tiny",
        "temperature": 0,
        "seed": 7,
        "max_tokens": 1,
        "logprobs": True,
        "top_logprobs": 20,
    }


def test_a_schema_has_the_reasoning_before_the_answer() -> None:
    form = body(AB, "json_schema")["response_format"]
    assert form["type"] == "json_schema"
    assert form["json_schema"]["strict"] is True
    schema = form["json_schema"]["schema"]
    assert list(schema["properties"]) == schema["required"] == ["reasoning", "answer"]
    assert schema["properties"]["answer"]["enum"] == ["A", "B"]
    assert list(body(AB, "json_schema", reasoning=False)["response_format"]["json_schema"]["schema"]["properties"]) == [
        "answer"
    ]


def test_a_model_that_has_given_its_reasons_gives_them_once() -> None:
    thought = Request((*MESSAGES, {"role": "assistant", "content": "B is short."}, MESSAGES[1]), Labels(("A", "B")))
    assert list(body(thought, "json_schema")["response_format"]["json_schema"]["schema"]["properties"]) == ["answer"]


def test_a_schema_that_leaves_things_open_is_not_called_strict() -> None:
    open_schema = {**POINTS, "additionalProperties": True}
    assert body(Request(MESSAGES, Structured(POINTS)), "json_schema")["response_format"]["json_schema"]["strict"]
    form = body(Request(MESSAGES, Structured(open_schema)), "json_schema")["response_format"]
    assert form["json_schema"]["strict"] is False


def test_json_without_a_schema_has_it_in_the_prompt_too() -> None:
    sent = body(Request(MESSAGES, Structured(POINTS)), "json_object")
    assert sent["response_format"] == {"type": "json_object", "schema": POINTS}
    assert '"minItems": 1' in sent["messages"][-1]["content"]
    bare = body(AB, "json_object", object_schema=False)
    assert bare["response_format"] == {"type": "json_object"}


def test_on_the_last_rung_the_words_alone_say_the_form() -> None:
    sent = body(AB, "text")
    assert "response_format" not in sent
    assert sent["messages"][0] == MESSAGES[0]
    assert sent["messages"][-1]["content"].startswith("Which is better?\n\n")
    assert sent["messages"][-1]["content"].endswith("exactly one of these: A, B")
    assert body(Request(MESSAGES, FreeText()), "text")["messages"] == list(MESSAGES)


def test_settings_reach_the_request_and_null_takes_a_field_out() -> None:
    sent = body(
        AB,
        "text",
        reasoning_tokens=400,
        limit="max_completion_tokens",
        temperature=None,
        extra={"top_k": 1, "seed": None},
        seed=3,
    )
    assert (sent["max_completion_tokens"], sent["top_k"]) == (500, 1)
    assert not {"max_tokens", "temperature", "seed"} & set(sent)


def test_a_repair_shows_what_came_and_what_was_wrong() -> None:
    sent = body(AB, "text", Repair("Both.", "it gives no verdict"))["messages"]
    assert [message["role"] for message in sent] == ["system", "user", "assistant", "user"]
    assert sent[2]["content"] == "Both."
    assert "it gives no verdict" in sent[3]["content"]
    assert "exactly one of these: A, B" in sent[3]["content"]
    roles = [message["role"] for message in body(AB, "text", Repair(" ", "it is empty"))["messages"]]
    assert roles == ["system", "user"], "servers refuse an empty turn"


def test_the_key_is_no_part_of_what_is_stored() -> None:
    assert model().authorise("sk-1") == {"Authorization": "Bearer sk-1"}
    assert model().write(AB, "text", 5).headers == {}


def test_probabilities_sum_the_tokens_that_spell_a_label_and_keep_the_missing_mass() -> None:
    tokens = {"A": 0.3, " A": 0.1, "B": 0.2, "a": 0.1, "AB": 0.1, "The": 0.2}
    reply = read(Answer(tokens=tokens), "logprobs").reply
    assert reply.status == "ok"
    assert reply.probabilities == pytest.approx({"A": 2 / 3, "B": 1 / 3})
    assert reply.missing == pytest.approx(0.4)
    assert (reply.prompt_tokens, reply.completion_tokens) == (20, 5)


@pytest.mark.parametrize(
    ("tokens", "most"),
    [({"A": 0.5, "The": 0.5}, 0.0), ({"A": 0.5, "The": 0.4}, 0.1), ({"A": 0.5, "The": 0.2, "So": 0.05}, 0.05)],
)
def test_a_label_that_is_not_listed_may_be_as_probable_as_the_last_that_is(
    tokens: dict[str, float], most: float
) -> None:
    reply = read(Answer(tokens=tokens), "logprobs").reply
    assert reply.probabilities == pytest.approx({"A": 0.5 / (0.5 + most), "B": most / (0.5 + most)})
    assert reply.missing == pytest.approx(0.5)


@pytest.mark.parametrize("tokens", [{}, {"The": 1.0}, {"A": 0.0, "B": 0.0}, {"The": 0.99, "A": 0.006, "B": 0.003}])
def test_no_label_among_the_tokens_is_no_answer(tokens: dict[str, float]) -> None:
    assert read(Answer(tokens=tokens), "logprobs").reply.status == "parse_error"


@pytest.mark.parametrize(
    "top",
    [None, "A", [], [{"token": "A"}], [{"token": "A", "logprob": "high"}], [{"token": "A", "logprob": math.nan}], [7]],
)
def test_odd_log_probabilities_are_no_answer(top: Any) -> None:
    payload = completion({"model": "tiny"}, Answer("A"), "A", False)
    payload["choices"][0]["logprobs"] = {"content": [{"token": "A", "top_logprobs": top}]}
    reply = model().read(AB, "logprobs", payload).reply
    assert (reply.status, reply.probabilities) == ("parse_error", {})


@pytest.mark.parametrize("rung", ["json_schema", "json_object"])
def test_json_answers_name_the_label(rung: Rung) -> None:
    reply = read('{"reasoning": "B is short.", "answer": "B"}', rung).reply
    assert (reply.status, reply.value, reply.probabilities, reply.missing) == ("ok", "B", {}, 1.0)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"reasoning": "x"}', "no 'answer'"),
        ('{"answer": "C"}', "'C' is none of A, B"),
        ('{"answer": "A"}\n{"answer": "B"}', "differ"),
        ('{"answer": "A", "x": ' + "[" * 300 + "]" * 300 + "}", "50 levels"),
        ('{"answer": "A", "answer": "B"}', "twice"),
        ("Both.", "no verdict"),
    ],
)
def test_json_off_the_form_names_what_is_wrong(text: str, problem: str) -> None:
    reply = read(text, "json_schema").reply
    assert (reply.status, reply.value) == ("parse_error", None)
    assert problem in reply.raw["error"]


def structured(text: str, schema: dict[str, Any] = POINTS) -> Received:
    return read(text, "text", Request(MESSAGES, Structured(schema)))


def test_structured_answers_are_held_against_the_schema() -> None:
    assert structured('```json\n{"points": ["a"]}\n```').reply.value == {"points": ["a"]}
    wrong = structured('{"points": ["a", 3]}').reply
    assert (wrong.status, wrong.value) == ("parse_error", None)
    assert "points[1]: 3 is not of type 'string'" in wrong.raw["error"]
    assert "no JSON object" in structured("None.").reply.raw["error"]


def test_a_schema_that_comes_back_before_the_answer_is_not_the_answer() -> None:
    echo = body(Request(MESSAGES, Structured(POINTS)), "text")["messages"][-1]["content"]
    assert structured(f'{echo}\n{{"points": ["a"]}}').reply.value == {"points": ["a"]}
    assert structured(echo).reply.status == "parse_error"


def test_an_object_of_the_prompt_counts_only_as_the_whole_of_a_reply_that_was_to_be_json() -> None:
    messages = ({"role": "user", "content": 'Find points in: {"points": ["a"]} Now.'},)
    request = Request(messages, Structured(POINTS))
    assert read('{"points": ["a"]}', "json_schema", request).reply.status == "ok"
    assert read('It says:\n{"points": ["a"]}', "json_schema", request).reply.status == "parse_error"
    assert read('It says {"points": ["b"]} there.', "json_schema", request).reply.status == "parse_error"


@pytest.mark.parametrize("levels", [300, 480, 900])
def test_json_however_deep_is_a_parse_error(levels: int) -> None:
    assert structured('{"a": ' * levels + "1" + "}" * levels, {"type": "object"}).reply.status == "parse_error"


def test_a_schema_of_another_type_is_put_into_an_object_and_taken_out() -> None:
    request = Request(MESSAGES, Structured({"type": "array", "items": {"type": "integer"}}))
    assert body(request, "json_schema")["response_format"]["json_schema"]["schema"]["required"] == ["value"]
    assert read('{"value": [1, 2]}', "json_schema", request).reply.value == [1, 2]


def test_free_text_is_what_was_said_after_the_thoughts() -> None:
    request = Request(MESSAGES, FreeText())
    assert read("<think>Hm.</think>\n Short. ", "text", request).reply.value == "Short."
    assert read("<think>Hm.", "text", request).reply.status == "parse_error"
    assert read(" ", "text", request).reply.status == "parse_error"


@pytest.mark.parametrize("rung", ["json_schema", "text"])
def test_an_answer_that_was_cut_is_truncated_even_where_it_could_be_read(rung: Rung) -> None:
    received = read(Answer('{"answer": "A"}', finish="length"), rung)
    assert (received.reply.status, received.cut, received.text) == ("truncated", True, '{"answer": "A"}')


def test_a_model_that_spent_all_on_reasoning_is_truncated() -> None:
    received = read(Answer("", finish="length", reasoning="Answer: A? Or"))
    assert (received.reply.status, received.cut) == ("truncated", True)
    assert "reasoning" in received.reply.raw["error"]


def test_reasoning_is_evidence_and_no_answer() -> None:
    reply = read(Answer("", reasoning="Answer: A")).reply
    assert (reply.status, reply.raw["reasoning"]) == ("parse_error", "Answer: A")


@pytest.mark.parametrize("answer", [Answer("", refusal="I won't."), Answer("Answer: A", finish="content_filter")])
def test_a_refusal_is_a_refusal(answer: Answer) -> None:
    assert read(answer).reply.status == "refusal"


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"choices": []},
        {"choices": {"A": 1}},
        {"choices": ["A"]},
        {"choices": [{}]},
        {"choices": [{"message": "A"}]},
        {"choices": [{"message": {"content": {"answer": "A"}}}]},
        {"error": {"message": "out of memory"}},
        {"error": "out of memory"},
    ],
)
@pytest.mark.parametrize("rung", LADDER)
def test_json_of_another_shape_is_the_servers_error(payload: dict[str, Any], rung: Rung) -> None:
    reply = model().read(AB, rung, payload).reply
    assert reply.status == "provider_error"
    assert reply.raw["error"]


def test_usage_is_what_the_server_says_or_nothing() -> None:
    silent = read(Answer("Answer: A", usage=None)).reply
    assert (silent.status, silent.prompt_tokens, silent.raw["usage"]) == ("ok", 0, None)
    payload = completion({"model": "tiny"}, Answer("Answer: A"), "Answer: A", False)
    payload["usage"] = {"prompt_tokens": "many", "completion_tokens": -3}
    reply = model().read(AB, "text", payload).reply
    assert (reply.prompt_tokens, reply.completion_tokens) == (0, 0)


def test_text_in_parts_is_put_together() -> None:
    payload = completion({"model": "tiny"}, Answer(), "", False)
    payload["choices"][0]["message"]["content"] = [{"type": "text", "text": "Answer:"}, {"type": "text", "text": " B"}]
    assert model().read(AB, "text", payload).reply.value == "B"


def test_the_revision_names_what_changes_answers_and_nothing_else() -> None:
    first = model().revision
    assert first.startswith("openai-1:tiny:")
    assert model(timeout=5, max_tokens=9).revision == first
    changed: list[dict[str, Any]] = [
        {"temperature": 1},
        {"seed": 1},
        {"reasoning": False},
        {"extra": {"top_k": 1}},
        {"model": "other"},
    ]
    assert len({first, *(model(**config).revision for config in changed)}) == 6


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"model": 3}, "model is 3"),
        ({"modell": "x"}, "did you mean 'model'"),
        ({"temperature": 3}, "temperature is 3"),
        ({"temperature": True}, "temperature is True"),
        ({"max_tokens": 0}, "max_tokens is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"timeout": 0}, "timeout is 0"),
        ({"reasoning": "yes"}, "reasoning is 'yes'"),
        ({"reasoning_tokens": None}, "reasoning_tokens is None"),
        ({"extra": []}, "extra is"),
        ({"extra": {"messages": []}}, "extra holds 'messages'"),
        ({"extra": {"stream": True}}, "extra holds 'stream'"),
        ({"top_logprobs": 50}, "top_logprobs is 50"),
        ({"limit": "tokens"}, "limit is 'tokens'"),
        ({"object_schema": 1}, "object_schema is 1"),
    ],
)
def test_a_wrong_setting_says_what_would_be_right(config: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        provider("openai")(config)


def test_without_a_model_nothing_is_sent() -> None:
    with pytest.raises(ConfigError, match="model is empty"):
        OpenAIProvider({}).write(AB, "text", 5)
