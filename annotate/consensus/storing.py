"""Keeps the table of consensus as the votes have it, set-wise: only rows that changed are written.

An adjudication stands above the votes: its answer is the stored one, and what the votes came to stays beside it.
"""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import connection, transaction

from annotate.consensus.deciding import Outcome
from annotate.models import Campaign, Consensus

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

NEWEST = """
    SELECT DISTINCT ON (unit_id) unit_id, id, answer FROM annotate_adjudication
    WHERE campaign_id = %(campaign)s AND question = %(question)s ORDER BY unit_id, id DESC
"""
CREATE = """
    CREATE TEMP TABLE consensus_unit (unit_id bigint PRIMARY KEY, code bigint NOT NULL) ON COMMIT DROP;
    CREATE TEMP TABLE consensus_row (code bigint PRIMARY KEY, answer jsonb, n integer, share float8, confidence float8,
                                     things jsonb) ON COMMIT DROP
"""
REMOVE = (
    """
    WITH newest AS ("""
    + NEWEST
    + """)
    DELETE FROM annotate_consensus c WHERE c.campaign_id = %(campaign)s AND c.question = %(question)s
      AND NOT EXISTS (SELECT FROM consensus_unit u WHERE u.unit_id = c.unit_id)
      AND NOT EXISTS (SELECT FROM newest a WHERE a.unit_id = c.unit_id AND a.answer IS NOT NULL)
"""
)
WRITE = (
    """
    WITH newest AS ("""
    + NEWEST
    + """), above AS (SELECT * FROM newest WHERE answer IS NOT NULL),
    made AS (
        SELECT unit_id, coalesce(a.answer, r.answer) AS answer, coalesce(r.n, 0) AS n, r.share, r.confidence,
               coalesce(r.things, '[]') AS things, a.id AS adjudication_id
        FROM (consensus_unit u JOIN consensus_row r USING (code)) FULL JOIN above a USING (unit_id))
    INSERT INTO annotate_consensus AS c
        (campaign_id, unit_id, question, rule, answer, n, share, confidence, things, adjudication_id)
    SELECT %(campaign)s, unit_id, %(question)s, %(rule)s, answer, n, share, confidence, things, adjudication_id
    FROM made
    ON CONFLICT (unit_id, question) DO UPDATE SET
        rule = excluded.rule, answer = excluded.answer, n = excluded.n, share = excluded.share,
        confidence = excluded.confidence, things = excluded.things, adjudication_id = excluded.adjudication_id,
        computed_at = now()
    WHERE (c.rule, c.answer, c.n, c.share, c.confidence, c.things, c.adjudication_id) IS DISTINCT FROM
        (excluded.rule, excluded.answer, excluded.n, excluded.share, excluded.confidence, excluded.things,
         excluded.adjudication_id)
"""
)
CATCH_UP = (
    """
    WITH newest AS ("""
    + NEWEST
    + """)
    UPDATE annotate_consensus c SET answer = a.answer, adjudication_id = a.id FROM newest a
    WHERE c.unit_id = a.unit_id AND c.question = %(question)s AND a.answer IS NOT NULL
      AND c.adjudication_id IS DISTINCT FROM a.id
"""
)
"""What was adjudicated while the statement before was under way."""


@transaction.atomic
def store(campaign: Campaign, found: Outcome) -> int:
    """Makes the rows of a question those of `found`; returns how many were written."""
    values: dict[str, Any] = {"campaign": campaign.pk, "question": found.asks.name, "rule": found.rule}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS consensus_unit, consensus_row")
        cursor.execute(CREATE)
        _copy(cursor, found)
        cursor.execute("ANALYZE consensus_unit, consensus_row")
        cursor.execute(REMOVE, values)
        cursor.execute(WRITE, values)
        written: int = cursor.rowcount
        cursor.execute(CATCH_UP, values)
    return written


def _copy(cursor: "CursorWrapper", found: Outcome) -> None:
    pairs = np.char.add(np.char.add(found.unit.astype("U20"), "\t"), found.code.astype("U20"))
    with cursor.copy("COPY consensus_unit FROM STDIN") as copy:
        copy.write("\n".join(pairs.tolist()) + "\n" if len(pairs) else "")
    told: dict[int, str] = {}  # rows share their things, and so each is written down once
    with cursor.copy("COPY consensus_row FROM STDIN") as copy:
        for code, row in enumerate(found.rows):
            answer = None if row.answer is None else json.dumps(row.answer, ensure_ascii=False)
            for thing in row.things:
                if id(thing) not in told:
                    told[id(thing)] = json.dumps(thing, ensure_ascii=False)
            things = f"[{','.join(told[id(thing)] for thing in row.things)}]"
            copy.write_row((code, answer, row.n, row.share, row.confidence, things))


def forget_others(campaign: Campaign, questions: Iterable[str]) -> None:
    """Removes the rows of questions that are not among these, such as those that a new version does not ask."""
    Consensus.objects.filter(campaign=campaign).exclude(question__in=list(questions)).delete()
