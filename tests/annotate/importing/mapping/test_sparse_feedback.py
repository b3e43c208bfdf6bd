from pathlib import Path
from typing import Any

import pytest

from annotate.importing.mapping import mapping
from annotate.importing.problems import FileProblem, RowProblem
from annotate.importing.readers import read_rows
from annotate.importing.rows import parse_row
from tests.annotate.importing.files import write

RANKINGS = 'Say hi,,hello,"go, away",(a)\nSay hi,now,hello,hey,equal\nSay hi,,hello,hey,(b)\nSay hi,,x,y,(c)\n'
RATINGS = "Say hi,,hello,6\nSay hi,,hello,1\nSay hi,now,hey,7\n"


def mapped(folder: Path, ratings: str | None = RATINGS, **options: str) -> list[Any]:
    ready = mapping("sparse_feedback")
    companions = {} if ratings is None else {"ratings": write(folder, "ratings.csv", ratings)}
    source = read_rows(write(folder, "rankings.csv", RANKINGS), columns=ready.columns)
    return [row for _, row in ready.rows(source, options, companions)]


def answers(row: dict[str, Any]) -> list[dict[str, Any]]:
    assert {(part["annotator"], part["kind"]) for part in row["annotations"]} == {("gpt-3.5-turbo", "judge")}
    return [annotation["answers"] for annotation in row["annotations"]]


def test_a_ranking_row_is_an_item_with_what_ratings_there_are(tmp_path: Path) -> None:
    first, second, third, _ = mapped(tmp_path)
    assert first["prompt"] == "Say hi"
    assert first["completions"] == [{"key": "a", "text": "hello"}, {"key": "b", "text": "go, away"}]
    assert answers(first) == [{"rating": {"a": 6}}, {"preference": {"preferred": "a"}}]
    assert second["prompt"] == "Say hi\n\nnow"
    assert answers(second) == [{"rating": {"b": 7}}, {"preference": {"preferred": None}}]
    assert answers(third) == [{"rating": {"a": 6}}, {"preference": {"preferred": "b"}}]
    assert [len(parse_row(row).annotations) for row in (first, second, third)] == [2, 2, 2]


def test_an_unreadable_verdict_is_a_problem_of_its_row(tmp_path: Path) -> None:
    problem = mapped(tmp_path)[3]
    assert isinstance(problem, RowProblem)
    assert str(problem) == "preference: must be (a), (b) or equal, not '(c)'"


def test_without_the_ratings_there_are_only_rankings(tmp_path: Path) -> None:
    assert answers(mapped(tmp_path, None)[0]) == [{"preference": {"preferred": "a"}}]


def test_questions_and_annotator_can_be_named(tmp_path: Path) -> None:
    [rated, ranked] = mapped(tmp_path, rating="score", preference="better", annotator="gpt")[0]["annotations"]
    assert rated == {"annotator": "gpt", "kind": "judge", "answers": {"score": {"a": 6}}}
    assert ranked["answers"] == {"better": {"preferred": "a"}}


@pytest.mark.parametrize(
    ("ratings", "message"),
    [("Say hi,,hello,8\n", "row 1: rating: must be a whole number from 1 to 7, not '8'"), ("a,b\n", "has 2 columns")],
)
def test_a_broken_ratings_file_is_refused_as_a_whole(ratings: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=message):
        mapped(tmp_path, ratings)


def test_ratings_alone_become_items_of_all_outputs(tmp_path: Path) -> None:
    ready = mapping("sparse_ratings")
    source = read_rows(write(tmp_path, "ratings.csv", RATINGS), columns=ready.columns)
    (_, first), (number, _) = ready.rows(source, {}, {})
    assert isinstance(first, dict)
    assert first["completions"] == [{"key": "c1", "text": "hello"}]
    assert answers(first) == [{"rating": {"c1": 6}}]
    assert number == 3
