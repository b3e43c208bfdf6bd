"""How far ratings and rankings of the same pairs disagree in a campaign (*Peering Through Preferences*).

Two bases, never pooled: `same_annotator` compares one annotator's ratings with the same annotator's ranking;
`consensus` compares the mean rating with the majority ranking of pairs on which more than one annotator worked.
Only first answers count (round 0), not silent repeats.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from django.db import connection

from annotate.frames import Frames
from annotate.kinds import kinds_that_yield
from annotate.kinds.base import PreferenceRow, ScoreRow
from annotate.models import Campaign, Question
from annotate.stats.consistency import SIDES, Consistency, consistency

KINDS: dict[str, list[str]] = {"all": ["human", "judge"], "human": ["human"], "judge": ["judge"]}
LARGEST_GAP = 3
EQUAL_MEANS = 1e-9

NOTHING: Mapping[str, Any] = {"computed_at": None, "groups": []}
"""What stands for a report that was not made yet."""

Pair = tuple[int, int, float]
"""Prompt group, ranking sign, rating difference (first minus second)."""

SAME_ANNOTATOR = """
    WITH rated AS (
        SELECT annotator_id, completion_id, avg(value) AS value FROM annotate_score
        WHERE campaign_id = %(campaign)s AND question = %(rating)s AND round = 0
          AND annotator_kind = ANY(%(kinds)s) GROUP BY 1, 2)
    SELECT p.prompt_group_id, p.sign, a.value - b.value FROM annotate_preference p
    JOIN rated a ON a.annotator_id = p.annotator_id AND a.completion_id = p.a_id
    JOIN rated b ON b.annotator_id = p.annotator_id AND b.completion_id = p.b_id
    WHERE p.campaign_id = %(campaign)s AND p.question = %(ranking)s AND p.round = 0
"""
CONSENSUS = """
    WITH rated AS (
        SELECT completion_id, avg(value) AS value, min(annotator_id) AS low, max(annotator_id) AS high
        FROM annotate_score
        WHERE campaign_id = %(campaign)s AND question = %(rating)s AND round = 0
          AND annotator_kind = ANY(%(kinds)s) GROUP BY 1),
    ranked AS (
        SELECT a_id, b_id, min(prompt_group_id) AS prompt_group_id,
               count(*) FILTER (WHERE sign = 1) AS plus, count(*) FILTER (WHERE sign = 0) AS zero,
               count(*) FILTER (WHERE sign = -1) AS minus, min(annotator_id) AS low, max(annotator_id) AS high
        FROM annotate_preference
        WHERE campaign_id = %(campaign)s AND question = %(ranking)s AND round = 0
          AND annotator_kind = ANY(%(kinds)s) GROUP BY 1, 2)
    SELECT p.prompt_group_id,
           CASE WHEN p.plus > greatest(p.zero, p.minus) THEN 1
                WHEN p.minus > greatest(p.zero, p.plus) THEN -1 ELSE 0 END,
           a.value - b.value
    FROM ranked p JOIN rated a ON a.completion_id = p.a_id JOIN rated b ON b.completion_id = p.b_id
    WHERE greatest(p.high, a.high, b.high) > least(p.low, a.low, b.low)
"""
BASES = {"same_annotator": SAME_ANNOTATOR, "consensus": CONSENSUS}


def inconsistency(frames: Frames) -> dict[str, Any]:
    """The report in the shape of the public contract, with `by_gap` beside it."""
    campaign = frames.campaign
    questions = Question.objects.filter(version=campaign.current)
    groups = [
        group
        for rating in questions.filter(kind__in=kinds_that_yield(ScoreRow)).values_list("name", flat=True)
        for ranking in questions.filter(kind__in=kinds_that_yield(PreferenceRow)).values_list("name", flat=True)
        for annotators, kinds in KINDS.items()
        for basis, query in BASES.items()
        if (group := _group(campaign, rating, ranking, annotators, kinds, basis, query)) is not None
    ]
    return {"groups": groups}


def _group(
    campaign: Campaign, rating: str, ranking: str, annotators: str, kinds: list[str], basis: str, query: str
) -> dict[str, Any] | None:
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"campaign": campaign.pk, "rating": rating, "ranking": ranking, "kinds": kinds}
        cursor.execute(query, values)
        pairs: list[Pair] = cursor.fetchall()
    if not pairs:
        return None
    clusters, ranked, gaps = (np.array(column) for column in zip(*pairs, strict=True))
    rated = np.where(np.abs(gaps) < EQUAL_MEANS, 0, np.sign(gaps)).astype(int)
    result = consistency(rated, ranked, clusters)
    return {
        "annotators": annotators,
        "basis": basis,
        "question_rating": rating,
        "question_ranking": ranking,
        **_figures(result),
        "by_gap": _by_gap(rated, ranked, np.abs(gaps)),
    }


def _figures(result: Consistency) -> dict[str, Any]:
    figures = asdict(result)
    sides = list(SIDES)
    figures["table"] = {side: dict(zip(sides, row, strict=True)) for side, row in zip(sides, result.table, strict=True)}
    figures["interval"] = list(result.interval)
    return figures


def _by_gap(rated: Any, ranked: Any, gaps: Any) -> list[dict[str, Any]]:
    """Consistency by the size of the rating difference, whole steps; the last entry takes all larger ones."""
    steps = np.minimum(np.ceil(gaps - EQUAL_MEANS), LARGEST_GAP).astype(int)
    rows = []
    for gap in range(LARGEST_GAP + 1):
        of_gap = steps == gap
        if n := int(of_gap.sum()):
            same = float(np.mean(rated[of_gap] == ranked[of_gap]))
            rows.append({"gap": gap, "or_more": gap == LARGEST_GAP, "n": n, "consistent": same})
    return rows
