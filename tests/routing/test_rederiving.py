"""Verdicts can be derived again from stored calls; nobody is asked."""

from collections.abc import Sequence

import pytest

from annotate.models import Annotation, Preference, Skip, User
from routing.judges import Reply
from routing.models import JudgeCall, Verdict
from routing.protocols import Judged, QuestionSpec
from routing.protocols import Verdict as Outcome
from routing.protocols.pairwise import PairwiseProtocol
from routing.rederiving import rederive
from tests.factories import PAIRWISE_PAIR, RATING_EACH
from tests.routing.judged import annotated, counts, judged_campaign, make_judge, run_now

pytestmark = pytest.mark.django_db
TEXTS = [("one two three", "one"), ("one", "one two three")]
verdict = PairwiseProtocol.verdict


def the_other(self: PairwiseProtocol, judged: Judged, question: QuestionSpec, replies: Sequence[Reply]) -> Outcome:
    """A reading that finds the contrary of what the judge said."""
    found = verdict(self, judged, question, replies)
    [other] = {"a", "b"} - {found.answer["preferred"]}
    return Outcome("ok", {"preferred": other}, found.probabilities, found.details)


def unreadable(self: PairwiseProtocol, judged: Judged, question: QuestionSpec, replies: Sequence[Reply]) -> Outcome:
    return Outcome("parse_error", details={"error": "a fault in the reading"})


def test_the_same_reading_gives_the_same_verdicts(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, TEXTS, RATING_EACH, PAIRWISE_PAIR))
    run_now(judge)
    before = [list(Verdict.objects.order_by("pk").values()), annotated(judge), JudgeCall.objects.count()]
    found = rederive(judge)
    assert (found.verdicts, found.changed) == (6, 0)
    assert [list(Verdict.objects.order_by("pk").values()), annotated(judge), JudgeCall.objects.count()] == before


@pytest.mark.parametrize("revisions", [True, False])
def test_annotations_follow_a_better_reading_where_revisions_are_allowed(
    researcher: User, monkeypatch: pytest.MonkeyPatch, revisions: bool
) -> None:
    judge = make_judge(judged_campaign(researcher, TEXTS, PAIRWISE_PAIR, revisions=revisions))
    run_now(judge)
    monkeypatch.setattr(PairwiseProtocol, "verdict", the_other)
    found = rederive(judge)
    assert (found.changed, found.revised, found.kept) == (2, 2 * revisions, 2 * (not revisions))
    assert list(Verdict.objects.order_by("assignment__unit__item").values_list("answer__preferred", flat=True)) == [
        "b",
        "a",
    ]
    signs = [1, -1] if not revisions else [-1, 1]
    assert [p.sign for p in Preference.objects.order_by("item")] == signs
    assert set(Annotation.objects.values_list("revision", flat=True)) == {1 + revisions}


def test_what_can_be_read_now_is_answered_by_the_next_run_without_a_call(
    researcher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = make_judge(judged_campaign(researcher, TEXTS, PAIRWISE_PAIR))
    with monkeypatch.context() as patched:
        patched.setattr(PairwiseProtocol, "verdict", unreadable)
        assert counts(run_now(judge)) == ("done", 0, 2, 2)
    calls = JudgeCall.objects.count()
    assert rederive(judge).opened == 2
    assert not Skip.objects.exists()
    assert counts(run_now(judge)) == ("done", 2, 0, 2)
    assert JudgeCall.objects.count() == calls
