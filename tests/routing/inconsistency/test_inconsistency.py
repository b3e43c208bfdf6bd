import pytest

from annotate.frames import Frames
from annotate.models import User
from routing.inconsistency import inconsistency
from routing.reports import report_of
from tests.factories import PAIRWISE, PAIRWISE_PAIR, RATING_EACH, import_rows, make_campaign
from tests.routing.compared import Said, compared, group, pair_item

pytestmark = pytest.mark.django_db


def human(a: float | None, b: float | None, ranking: str | None, name: str = "ann") -> Said:
    return name, "human", a, b, ranking


def judge(a: float | None, b: float | None, ranking: str | None, name: str = "gpt") -> Said:
    return name, "judge", a, b, ranking


def test_one_annotators_ratings_are_compared_with_his_own_ranking(researcher: User) -> None:
    items = [
        pair_item("r1", human(5, 3, "a")),  # agree
        pair_item("r2", human(2, 6, "a")),  # contradict
        pair_item("r3", human(4, 1, "=")),  # rating only
        pair_item("r4", human(4, 4, "b")),  # ranking only
        pair_item("r5", human(7, 7, "=")),  # both equal
    ]
    found = group(compared(researcher, items), "human", "same_annotator")
    assert found is not None
    assert (found["n"], found["clusters"], found["consistent"]) == (5, 5, 0.4)
    assert set(found["shares"].values()) == {0.2}
    assert found["table"]["A"] == {"A": 1, "B": 0, "equal": 1}
    assert found["table"]["B"] == {"A": 1, "B": 0, "equal": 0}
    assert found["table"]["equal"] == {"A": 0, "B": 1, "equal": 1}


def test_pairs_are_split_by_the_rating_gap(researcher: User) -> None:
    items = [
        pair_item("r1", human(4, 4, "=")),
        pair_item("r2", human(4, 3, "a")),
        pair_item("r3", human(3, 4, "a")),
        pair_item("r4", human(7, 1, "a")),
        pair_item("r5", human(5, 1, "b")),
    ]
    found = group(compared(researcher, items), "all", "same_annotator")
    assert found is not None
    rows = [(row["gap"], row["or_more"], row["n"], row["consistent"]) for row in found["by_gap"]]
    assert rows == [(0, False, 1, 1.0), (1, False, 2, 0.5), (3, True, 2, 0.5)]


def test_people_and_judges_are_reported_apart_and_together(researcher: User) -> None:
    campaign = compared(researcher, [pair_item("r1", human(5, 3, "a"), judge(5, 3, "b"))])
    shares = {kind: group(campaign, kind, "same_annotator") for kind in ("all", "human", "judge")}
    assert {kind: found and (found["n"], found["consistent"]) for kind, found in shares.items()} == {
        "all": (2, 0.5),
        "human": (1, 1.0),
        "judge": (1, 0.0),
    }


def test_consensus_compares_the_mean_rating_with_the_majority(researcher: User) -> None:
    # Means 4 and 4⅓; two of three prefer b.
    said = [human(7, 1, "a", "ann"), human(3, 6, "b", "bob"), human(2, 6, "b", "cat")]
    found = group(compared(researcher, [pair_item("r1", *said)]), "human", "consensus")
    assert found is not None
    assert (found["n"], found["consistent"]) == (1, 1.0)
    assert found["table"]["B"]["B"] == 1


def test_a_split_vote_is_an_equal_ranking(researcher: User) -> None:
    said = [human(5, 5, "a", "ann"), human(5, 5, "b", "bob")]
    found = group(compared(researcher, [pair_item("r1", *said)]), "all", "consensus")
    assert found is not None
    assert found["table"]["equal"]["equal"] == 1


def test_equal_means_are_equal_however_they_are_summed(researcher: User) -> None:
    # 0.1 + 0.2 + 0.3 and 0.3 + 0.2 + 0.1 differ in floating point.
    said = [human(0.1, 0.3, "=", "ann"), human(0.2, 0.2, "=", "bob"), human(0.3, 0.1, "=", "cat")]
    tenths = {"min": 0, "max": 1, "step": 0.1}
    found = group(compared(researcher, [pair_item("r1", *said)], config=tenths), "all", "consensus")
    assert found is not None
    assert found["table"]["equal"]["equal"] == 1


def test_one_annotator_alone_is_no_consensus(researcher: User) -> None:
    assert group(compared(researcher, [pair_item("r1", human(5, 3, "a"))]), "all", "consensus") is None


def test_ratings_by_one_and_rankings_by_another_are_compared_by_consensus_only(researcher: User) -> None:
    campaign = compared(researcher, [pair_item("r1", human(5, 3, None, "ann"), human(None, None, "a", "bob"))])
    assert group(campaign, "human", "same_annotator") is None
    found = group(campaign, "human", "consensus")
    assert found is not None
    assert found["n"] == 1


def test_the_headline_tells_of_people_who_rated_where_judges_ranked(researcher: User) -> None:
    said = [("ann", "human", 5, 3, None), ("gpt", "judge", None, None, "b")]
    found = inconsistency(Frames(compared(researcher, [pair_item(f"r{n}", *said) for n in range(12)])))
    assert [each["annotators"] for each in found["groups"]] == ["all"]
    assert found["headline"][0]["figure"]["value"] == 1.0


def test_a_pair_with_a_rating_or_the_ranking_missing_is_left_out(researcher: User) -> None:
    items = [pair_item("r1", human(5, None, "a")), pair_item("r2", human(5, 3, None))]
    assert inconsistency(Frames(compared(researcher, items)))["groups"] == []


def test_silent_repeats_do_not_count(researcher: User) -> None:
    said = [human(5, 3, "a", "ann"), human(6, 2, "a", "bob")]
    repeated = [human(1, 7, "b", "ann"), human(1, 7, "b", "bob")]
    item = pair_item("r1", *said)
    item["annotations"] += pair_item("r1", *repeated, round=1)["annotations"]
    campaign = compared(researcher, [item])
    for basis, n in (("same_annotator", 2), ("consensus", 1)):
        found = group(campaign, "human", basis)
        assert found is not None
        assert (found["n"], found["table"]["A"]["A"]) == (n, n)


def test_items_with_one_prompt_are_one_cluster(researcher: User) -> None:
    items = [pair_item(f"r{i}", human(5, 3, "a"), prompt="The same") for i in range(3)]
    found = group(compared(researcher, items), "all", "same_annotator")
    assert found is not None
    assert (found["n"], found["clusters"], found["interval"]) == (3, 1, [0.0, 1.0])


def test_every_rating_question_meets_every_pairwise_question(researcher: User) -> None:
    questions = [RATING_EACH, {**RATING_EACH, "name": "style"}, PAIRWISE_PAIR]
    campaign = make_campaign(researcher, questions=questions)
    answers = [{"score": {k: v}, "style": {k: 8 - v}} for k, v in (("a", 5), ("b", 3))]
    rows = pair_item("r1", human(None, None, "a"))
    rows["annotations"] += [{"annotator": "ann", "kind": "human", "answers": each} for each in answers]
    import_rows(campaign, [rows])
    found = {
        (g["question_rating"], g["question_ranking"]): g["consistent"]
        for g in inconsistency(Frames(campaign))["groups"]
    }
    assert found == {("score", "better"): 1.0, ("style", "better"): 0.0}


def test_a_campaign_without_both_questions_or_answers_has_no_groups(researcher: User) -> None:
    assert inconsistency(Frames(make_campaign(researcher, "one", [PAIRWISE])))["groups"] == []
    empty = make_campaign(researcher, "two", [RATING_EACH, PAIRWISE_PAIR])
    assert inconsistency(Frames(empty))["groups"] == []
    assert report_of(empty, "inconsistency") is None
