from typing import Any

import pytest

from routing.judges import Reply
from routing.judges.base import FreeText, Structured
from routing.protocols import Judged, QuestionSpec
from routing.protocols.critique import CritiqueProtocol

JUDGED = Judged("Say hello.", {"a": "Hello!", "b": "Go away."}, shown=("a", "b"))


def question(title: str = "Why?", **config: Any) -> QuestionSpec:
    return QuestionSpec("why", "text", config, title, "all")


def prompt(call: Any) -> str:
    return str(call.request.messages[0]["content"])


def test_one_text_is_about_all_that_is_shown() -> None:
    [call] = CritiqueProtocol().calls(JUDGED, question())
    assert (call.keys, call.request.want) == (("a", "b"), FreeText())
    assert "Response A:\nHello!" in prompt(call)
    verdict = CritiqueProtocol().verdict(JUDGED, question(), [Reply("ok", value="A greets.")])
    assert (verdict.status, verdict.answer) == ("ok", "A greets.")


def test_per_completion_each_has_its_own_and_is_seen_alone() -> None:
    asked = question(per="completion")
    calls = CritiqueProtocol().calls(JUDGED, asked)
    assert [call.request.texts for call in calls] == [("Hello!",), ("Go away.",)]
    replies = [Reply("ok", value="Fine."), Reply("ok", value="Rude.")]
    assert CritiqueProtocol().verdict(JUDGED, asked, replies).answer == {"a": "Fine.", "b": "Rude."}


def test_a_question_that_starts_from_the_completion_gets_it_corrected() -> None:
    [call, _] = CritiqueProtocol().calls(JUDGED, question("", per="completion", prefill=True))
    assert "leave everything else word for word" in prompt(call)
    assert "critique" not in prompt(call)


def test_without_a_title_it_says_what_is_good_and_what_is_wrong() -> None:
    assert "what is wrong" in prompt(CritiqueProtocol().calls(JUDGED, question(""))[0])
    assert "what is wrong" not in prompt(CritiqueProtocol().calls(JUDGED, question("Why?"))[0])


def test_a_bounded_text_is_asked_for_with_its_bounds() -> None:
    [call] = CritiqueProtocol().calls(JUDGED, question(min_length=5, max_length=20))
    assert isinstance(call.request.want, Structured)
    assert call.request.want.schema["properties"]["text"] == {"type": "string", "minLength": 5, "maxLength": 20}
    assert "It has 5 to 20 characters." in prompt(call)


@pytest.mark.parametrize(
    ("text", "status"), [("Just right.", "ok"), ("    no    ", "parse_error"), ("x" * 21, "parse_error")]
)
def test_a_text_outside_the_bounds_is_a_parse_error_and_never_cut(text: str, status: str) -> None:
    asked = question(min_length=5, max_length=20)
    verdict = CritiqueProtocol().verdict(JUDGED, asked, [Reply("ok", value={"text": text})])
    assert (verdict.status, verdict.answer) == (status, text if status == "ok" else None)
