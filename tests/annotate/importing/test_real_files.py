"""Published data sets, read as they are."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from annotate.importing.digests import content_key, prompt_digest
from annotate.importing.mapping import guess, mapping
from annotate.importing.readers import detect, read_rows
from annotate.importing.rows import ItemRow, parse_row

DATA = Path(__file__).parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")


def items(name: str, **companions: str) -> tuple[str, dict[str, Any], list[ItemRow]]:
    """(mapping, options, all items) as guessed."""
    source = detect(DATA / name)
    found = guess(source.columns, source.sample_rows)
    ready = mapping(found.mapping)
    rows = ready.rows(
        read_rows(DATA / name, columns=ready.columns),
        found.options,
        {companion: DATA / path for companion, path in companions.items()},
    )
    parsed = []
    for _, row in rows:
        assert isinstance(row, dict), row
        parsed.append(parse_row(row))
    return found.mapping, dict(found.options), parsed


def sparse_feedback() -> list[ItemRow]:
    name, _, rows = items("sparse_feedback/rankings.csv", ratings="sparse_feedback/ratings.csv")
    assert name == "sparse_feedback"
    return rows


def answers(row: ItemRow, question: str) -> list[Any]:
    return [one.answers[question] for one in row.annotations if question in one.answers]


def test_every_ranking_is_an_item_of_its_own() -> None:
    rows = sparse_feedback()
    assert len(rows) == 118
    assert len({content_key(row) for row in rows}) == 118
    assert len({prompt_digest(row.prompt) for row in rows}) == 20
    verdicts = Counter(answer["preferred"] for row in rows for answer in answers(row, "preference"))
    assert verdicts == {"a": 37, "b": 43, None: 38}


def test_the_ratings_contradict_the_rankings_as_published() -> None:
    """Of the pairs with both ratings, 56.41 % are consistent (arXiv 2308.15812, on the authors' own files)."""
    consistent = []
    for row in sparse_feedback():
        ratings: dict[str, int] = {}
        for answer in answers(row, "rating"):
            ratings |= answer
        if len(ratings) == 2:
            rated = None if ratings["a"] == ratings["b"] else max(ratings, key=lambda key: ratings[key])
            [ranked] = answers(row, "preference")
            consistent.append(rated == ranked["preferred"])
    assert len(consistent) == 117
    assert sum(consistent) / len(consistent) == pytest.approx(0.5641, abs=5e-5)


def test_the_ratings_alone_are_recognised() -> None:
    name, _, rows = items("sparse_feedback/ratings.csv")
    assert name == "sparse_ratings"
    assert len(rows) == 20
    assert sum(len(row.completions) for row in rows) == 97


@pytest.mark.parametrize(
    ("name", "count", "options"),
    [
        (
            "pairwise_ties/pairwise.jsonl",
            800,
            {"prompt": "prompt", "completions": ["response 1", "response 2"]},
        ),
        (
            "rankme/stp1_rankME.csv",
            300,
            {"prompt": "mr", "completions": ["ref1", "ref2", "ref3"], "models": ["team1", "team2", "team3"]},
        ),
        ("rankme/stp1_likert.csv", 914, {"prompt": "mr", "completions": ["ref"], "models": ["team"]}),
    ],
)
def test_the_columns_of_a_published_file_are_guessed(name: str, count: int, options: dict[str, Any]) -> None:
    found, guessed, rows = items(name)
    assert (found, guessed) == ("columns", options)
    assert len(rows) == count


def test_the_labels_of_the_pairs_come_along_as_metadata() -> None:
    _, _, rows = items("pairwise_ties/pairwise.jsonl")
    assert Counter(row.metadata["label"] for row in rows) == {0: 300, 1: 283, 2: 217}
    assert len({row.metadata["scenario"] for row in rows}) == 58
