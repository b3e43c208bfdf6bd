"""A text longer than the model's context is refused, or cut in sight where the judge says so: never in silence."""

from typing import Any

import pytest

from annotate.models import Skip, User
from routing.judges import Reply
from routing.models import Judge, JudgeCall, Verdict
from routing.pace import texts_cut
from routing.protocols import Judged
from routing.shortening import cut_middle, recut, shortened
from tests.factories import PAIRWISE_PAIR
from tests.routing.judged import annotated, counts, judged_campaign
from tests.routing.served import run_served, served_judge
from tests.routing.servers.http import Response, Seen
from tests.routing.servers.model_server import ModelServer, problem

LONG = " ".join(f"word{n}" for n in range(600))


class SmallServer(ModelServer):
    """A model that takes so many words of prompt, and says so in tokens of one word each."""

    room = 400

    def converse(self, seen: Seen) -> Response:
        words = sum(len(message["content"].split()) for message in seen.body["messages"])
        if words > self.room:
            return problem(400, f"maximum context length is {self.room} tokens, your messages have {words} tokens")
        return super().converse(seen)


def judge_of(researcher: User, server: ModelServer, **spec: Any) -> Judge:
    campaign = judged_campaign(researcher, [(LONG, "short one"), ("a", "b")], PAIRWISE_PAIR)
    return served_judge(campaign, server, **spec)


@pytest.mark.django_db
def test_by_default_it_is_refused_and_said(researcher: User) -> None:
    with SmallServer("Answer: A") as server:
        judge = judge_of(researcher, server)
        assert counts(run_served(judge)) == ("done", 1, 1, 2)
    assert Skip.objects.get().reason == "truncated: better"
    refused = Verdict.objects.get(status="truncated")
    assert "maximum context length" in refused.details["error"]
    assert JudgeCall.objects.filter(status="truncated").count() == 2  # both orders, once each


@pytest.mark.django_db
def test_where_it_may_cut_the_prompt_says_how_much_is_left_out(researcher: User) -> None:
    with SmallServer("Answer: A") as server:
        judge = judge_of(researcher, server, too_long="truncate")
        assert counts(run_served(judge)) == ("done", 2, 0, 2)
        cut = [seen.body["messages"][-1]["content"] for seen in server.requests]
    verdict = Verdict.objects.get(assignment__unit__item__key="r0")
    [(key, left_out)] = verdict.details["left_out"].items()
    assert (key, verdict.status) == ("a", "ok")
    assert 200 < left_out < 600
    assert sum(f"{left_out} words are left out" in prompt for prompt in cut) == 2  # both orders alike
    assert "left_out" not in Verdict.objects.get(assignment__unit__item__key="r1").details
    assert len(annotated(judge)) == 2
    assert texts_cut(judge) == 1


@pytest.mark.django_db
def test_what_is_too_long_whatever_is_cut_is_refused(researcher: User) -> None:
    with SmallServer("Answer: A") as server:
        server.room = 5
        judge = judge_of(researcher, server, too_long="truncate")
        assert counts(run_served(judge)) == ("done", 0, 2, 2)
    assert {verdict.status for verdict in Verdict.objects.all()} == {"truncated"}


@pytest.mark.django_db
@pytest.mark.parametrize(("too_long", "status"), [("refuse", "truncated"), ("truncate", "ok")])
def test_a_server_that_would_cut_in_silence_is_not_sent_what_is_too_long(
    researcher: User, too_long: str, status: str
) -> None:
    with ModelServer("Answer: A") as server:
        judge = judge_of(researcher, server, too_long=too_long, config={"context": 1200})
        run_served(judge)
        assert all(LONG not in seen.body["messages"][-1]["content"] for seen in server.requests)
    verdicts = dict(Verdict.objects.values_list("assignment__unit__item__key", "status"))
    assert verdicts == {"r0": status, "r1": "ok"}
    assert {call.cost for call in JudgeCall.objects.filter(status="truncated")} == {0}


def too_long(**raw: int) -> Reply:
    return Reply("truncated", raw={"too_long": True, "error": "too long", **raw})


def test_the_longest_text_is_cut_first() -> None:
    judged = Judged("p", {"a": LONG, "b": "one two three"}, shown=("a", "b"))
    cut = shortened(judged, too_long())
    assert cut is not None
    assert cut.completions["b"] == "one two three"
    assert cut.left_out == {"a": 600 - cut.most}
    again = shortened(judged, too_long(), cut)
    assert again is not None
    assert again.most < cut.most
    assert again.completions["a"].startswith("word0 ")
    assert again.completions["a"].endswith(" word599")


def test_a_cut_can_be_made_again_from_what_was_left_out() -> None:
    judged = Judged("p", {"a": LONG, "b": f"{LONG} more"}, shown=("a", "b"))
    cut = shortened(judged, too_long(needed=4000, allowed=2500))
    assert cut is not None
    assert recut(judged, cut.left_out) == cut


@pytest.mark.parametrize(
    ("text", "most", "cut"),
    [
        ("a b c d e f", 4, "a b\n[… 2 words are left out here …]\ne f"),
        ("  a  b\n\nc d  e", 3, "  a  b\n[… 2 words are left out here …]\ne"),
    ],
)
def test_the_middle_is_left_out_with_a_line_in_its_place(text: str, most: int, cut: str) -> None:
    assert cut_middle(text, most) == cut


def test_an_answer_that_was_too_long_cuts_no_text() -> None:
    assert shortened(Judged("p", {"a": LONG}, shown=("a",)), Reply.failed("truncated", "the answer's room")) is None
