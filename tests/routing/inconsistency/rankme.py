"""RankME (Novikova, Dušek and Rieser, 2018, arXiv 1803.05928): ratings and relative ratings of the same texts."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

Row = dict[str, str]


def likert(folder: Path) -> list[Row]:
    with (folder / "stp1_likert.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def relative(folder: Path) -> list[Row]:
    with (folder / "stp1_rankME.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def texts(row: Row) -> Iterator[tuple[str, str, float]]:
    """System, text and relative informativeness of the three texts of a row."""
    for n in "123":
        yield row[f"team{n}"], row[f"ref{n}"], float(row[f"informativeness{n}"])


def signs(folder: Path) -> list[tuple[str, int, int]]:
    """Per pair of texts of one meaning representation: its id, the side with the higher mean rating, and the side that
    more annotators put higher than put lower or equal, in plain Python."""
    ratings, votes = defaultdict[tuple[str, str], list[float]](list), defaultdict[tuple[str, str, str], list[int]](list)
    for row in likert(folder):
        ratings[row["mr_id"], row["team"]].append(float(row["informativeness"]))
    for row in relative(folder):
        for (one, _, first), (two, _, second) in combinations(sorted(texts(row)), 2):
            votes[row["mr_id"], one, two].append((first > second) - (first < second))
    found = []
    for (mr, one, two), given in votes.items():
        a, b = (sum(ratings[mr, team]) / len(ratings[mr, team]) for team in (one, two))
        counts = {sign: given.count(sign) for sign in (1, 0, -1)}
        best = max(counts, key=lambda sign: counts[sign])
        majority = best if [*counts.values()].count(counts[best]) == 1 else 0
        found.append((mr, 0 if abs(a - b) < 1e-9 else 1 if a > b else -1, majority))
    return found


def items(folder: Path) -> list[dict[str, Any]]:
    """The same as rows of an import: an item per meaning representation, with everybody's answers."""
    rows: dict[str, dict[str, Any]] = {}
    for row in relative(folder):
        found = {team: (text, value) for team, text, value in texts(row)}
        item = rows.setdefault(
            row["mr_id"],
            {
                "key": row["mr_id"],
                "prompt": row["mr"],
                "completions": [{"key": team, "text": found[team][0], "model": team} for team in sorted(found)],
                "annotations": [],
            },
        )
        order = sorted({value for _, value in found.values()}, reverse=True)
        ranks = {team: 1 + order.index(value) for team, (_, value) in found.items()}
        item["annotations"].append(_said(row, {"order": ranks}))
    for row in likert(folder):
        rows[row["mr_id"]]["annotations"].append(
            _said(row, {"informativeness": {row["team"]: int(row["informativeness"])}})
        )
    return list(rows.values())


def _said(row: Row, answers: dict[str, Any]) -> dict[str, Any]:
    return {"annotator": row["_worker_id"], "kind": "human", "answers": answers}
