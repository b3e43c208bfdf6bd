import pytest

from annotate.frames import Frames
from annotate.models import Annotator, Standing, User
from routing.leaderboard.report import leaderboard
from tests.factories import RATING_EACH
from tests.routing.leaderboard.played import item, played, report

pytestmark = pytest.mark.django_db
TWO = {"a": "ada", "b": "bob"}


def test_two_models_by_hand(researcher: User) -> None:
    """Ada wins three, loses one, ties two: σ(θ_a − θ_b) = 3/4 of the decisive games, strengths ± ln 3 / 2."""
    said = ["a>b", "a>b", "a>b", "b>a", "a=b", "a=b"]
    found = report(played(researcher, [item(f"r{n}", TWO, ("ann", "human", each)) for n, each in enumerate(said)]))
    (board,) = found["boards"]
    ada, bob = board["models"]
    assert (ada["model"], ada["rank"], bob["rank"]) == ("ada", 1, 2)
    assert ada["strength"]["value"] == pytest.approx(0.5493061, abs=1e-6)
    assert ada["points"]["value"] + bob["points"]["value"] == pytest.approx(2000)
    assert ada["win_rate"]["value"] == pytest.approx(4 / 6)
    assert ada["half_wins"]["value"] == pytest.approx(0.3465736, abs=1e-6)  # ½ ln(4/2)
    assert (board["ties"]["value"], board["n"], board["clusters"]) == (pytest.approx(2 / 6), 6, 6)
    assert board["ties"]["interval"][0] < 2 / 6 < board["ties"]["interval"][1]


def test_people_judges_and_all_are_kept_apart(researcher: User) -> None:
    rows = [
        item("r0", TWO, ("ann", "human", "a>b"), ("gpt", "judge", "b>a")),
        item("r1", TWO, ("ann", "human", "b>a")),
    ]
    found = report(played(researcher, rows))
    assert {board["annotators"]: board["n"] for board in found["boards"]} == {"people": 2, "judges": 1, "all": 3}


def test_what_compares_no_two_models_is_counted(researcher: User) -> None:
    rows = [
        item("r0", {"a": "ada", "b": "ada"}, ("ann", "human", "a>b")),
        item("r1", {"a": "ada", "b": None}, ("ann", "human", "a>b")),
        item("r2", TWO, ("ann", "human", "a>b")),
    ]
    found = report(played(researcher, rows))
    assert found["n"] == 1
    assert found["left_out"] == {"later_rounds": 0, "no_model": 1, "same_model": 1, "other_models": 0}


def test_an_unbeaten_model_has_no_strength_and_says_so(researcher: User) -> None:
    three = {"a": "ada", "b": "bob", "c": "cyd"}
    rows = [
        item("r0", three, ("ann", "human", "a>b"), ("ann", "human", "a>c"), ("ann", "human", "b>c")),
        item("r1", three, ("ann", "human", "a>b"), ("ann", "human", "a>c"), ("ann", "human", "c>b")),
    ]
    (board,) = report(played(researcher, rows))["boards"]
    by = {row["model"]: row for row in board["models"]}
    assert by["ada"]["strength"]["value"] is None
    assert "no upper limit" in by["ada"]["strength"]["method"]
    assert by["bob"]["strength"]["value"] == pytest.approx(0)
    assert board["connected"]["unbeaten"] == ["ada"]
    assert board["connected"]["needed"][0][0] == "ada"


def test_weights_count_and_the_excluded_do_not(researcher: User) -> None:
    rows = [item(f"r{n}", TWO, ("ann", "human", "a>b"), ("ben", "human", "b>a")) for n in range(4)]
    campaign = played(researcher, rows)
    ann, ben = Annotator.objects.get(name="ann"), Annotator.objects.get(name="ben")
    Standing.objects.create(campaign=campaign, annotator=ann, weight=3)
    (board,) = report(campaign)["boards"]
    assert board["models"][0]["win_rate"]["value"] == pytest.approx(3 / 4)
    Standing.objects.create(campaign=campaign, annotator=ben, excluded_at="2026-01-01T00:00Z")
    (board,) = report(campaign)["boards"]
    assert board["n"] == 4
    assert board["models"][0]["win_rate"]["value"] == 1


def test_ratings_are_a_basis_of_their_own(researcher: User) -> None:
    rows = []
    for n, (a, b) in enumerate([(5, 3), (2, 2), (1, 4), (6, 1)]):
        row = item(f"r{n}", TWO, ("ann", "human", "b>a"))
        row["annotations"] += [
            {"annotator": "ann", "kind": "human", "answers": {"score": {key: value}}}
            for key, value in (("a", a), ("b", b))
        ]
        rows.append(row)
    found = leaderboard(Frames(played(researcher, rows, more=[RATING_EACH])))["questions"]
    assert [(each["question"], each["basis"]) for each in found] == [("better", "comparison"), ("score", "score")]
    (board,) = found[1]["boards"]
    assert (board["n"], board["ties"]["value"]) == (4, 0.25)
    assert board["models"][0]["win_rate"]["value"] == pytest.approx(2.5 / 4)
    assert "cannot contain a cycle" in found[1]["cycles"]["why"]


def test_a_completion_rated_in_several_pairs_counts_once_with_its_mean(researcher: User) -> None:
    row = item("r0", {"a": "ada", "b": "bob", "c": "cyd"})
    for shown, values in (("ab", (5, 4)), ("ac", (2, 3)), ("bc", (4, 1))):  # means 3.5, 4 and 2
        answers = {"score": dict(zip(shown, values, strict=True))}
        row["annotations"].append({"annotator": "ann", "kind": "human", "answers": answers, "shown": list(shown)})
    campaign = played(researcher, [row], more=[{**RATING_EACH, "shows": "pair", "view": "ratings"}])
    (board,) = report(campaign, "score")["boards"]
    assert board["n"] == 3
    assert {each["model"]: each["win_rate"]["value"] for each in board["models"]} == {"ada": 0.5, "bob": 1, "cyd": 0}


def test_slices_hold_the_strengths_of_their_rows(researcher: User) -> None:
    rows = [item(f"r{n}", TWO, ("ann", "human", "a>b" if (n % 2) == (n % 10 > 1) else "b>a")) for n in range(60)]
    found = report(played(researcher, rows))["slices"]
    of = {row["slice"]: row for row in found["rows"]}
    assert {"topic: law", "topic: food"} <= set(of)
    ada = found["models"].index("ada")
    law, food = of["topic: law"]["models"][ada], of["topic: food"]["models"][ada]
    assert law[0] > 0.5 > food[0]
    assert (law[3], law[4], food[4]) == (30, True, True)


def test_strengths_with_ties_as_half_wins_are_held_against_no_others(researcher: User) -> None:
    law, food = ("a>b", "a=b"), ("a>b", "b>a", "a=b")  # in law nobody beats ada: strengths with ties run off
    rows = [item(f"r{n}", TWO, ("ann", "human", (law if n % 2 else food)[n // 2 % (3 - n % 2)])) for n in range(60)]
    found = report(played(researcher, rows))["slices"]
    of = {row["slice"]: row for row in found["rows"]}
    assert "topic: law" not in of
    assert [cell[4] for cell in of["topic: food"]["models"]] == [False, False]


def test_a_campaign_without_comparisons_has_no_questions(researcher: User) -> None:
    found = leaderboard(Frames(played(researcher, [item("r0", TWO)])))
    assert found["questions"][0]["boards"] == []
    assert found["headline"] == []
