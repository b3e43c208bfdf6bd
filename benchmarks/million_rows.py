"""A campaign with a million annotations, written by the database itself: models of different strength, people who err,
judges who like length, one odd topic.

Three in five annotations are comparisons (three people and a judge each pair), three in ten ratings of a third of the
same items (two of the same people and the judge), one in ten choices. One comparison in a hundred is silently repeated.
"""

import os
import sys
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
SLUG = "million"
PEOPLE, JUDGES, MODELS = 50, 3, 12
QUESTIONS = [
    {"name": "better", "kind": "pairwise", "shows": "pair", "config": {"allow_tie": True}},
    {"name": "score", "kind": "rating", "shows": "each", "config": {"min": 1, "max": 7}},
    {"name": "flaws", "kind": "choice", "shows": "all", "config": {"options": ["none", "minor", "major"]}},
]
PER_ITEM = 20 / 3
"""Annotations to an item, repeats aside."""
NOISE = "((random() + random() + random() - 1.5) * 2)"

ITEMS = f"""
CREATE TEMP TABLE one AS
SELECT i, i / 2 AS g, m AS a, (m + 1 + (i / {MODELS}) %% {MODELS - 1}) %% {MODELS} AS b, i %% 10 AS topic,
       20 + (random() * 80)::int AS words_a, 20 + (random() * 80)::int AS words_b,
       m / {MODELS}.0 * 2 + {NOISE} AS za, ((m + 1 + (i / {MODELS}) %% {MODELS - 1}) %% {MODELS}) / {MODELS}.0 * 2
       + {NOISE} AS zb, timestamptz '2026-09-07' + i::float / %(items)s * interval '56 days' AS at
FROM (SELECT i, i %% {MODELS} AS m FROM generate_series(0, %(items)s - 1) i) s;
INSERT INTO annotate_promptgroup (id, campaign_id, digest)
SELECT %(base)s + g, %(campaign)s, md5(g::text) FROM (SELECT DISTINCT g FROM one) s;
INSERT INTO annotate_item (id, campaign_id, prompt_group_id, key, digest, prompt, metadata)
SELECT %(base)s + i, %(campaign)s, %(base)s + g, 'i' || i, md5(i::text),
       to_jsonb('Question ' || g || ': ' || repeat('why ', g %% 40)), jsonb_build_object(
           'topic', 'topic ' || topic, 'source', 'source ' || i %% 4, 'hard', i %% 3 = 0, 'row', 'row ' || i,
           'tags', CASE WHEN i %% 5 < 3 THEN jsonb_build_array('tag ' || i %% 8, 'tag ' || i %% 7) ELSE '[]' END)
FROM one;
INSERT INTO annotate_completion
    (id, item_id, key, position, text, model, metadata, characters, words, distinct_words)
SELECT %(base)s + 2 * i + side, %(base)s + i, CASE side WHEN 0 THEN 'a' ELSE 'b' END, side, repeat('word ', n),
       'model ' || CASE side WHEN 0 THEN a ELSE b END, '{{}}', 5 * n, n, (n * 0.7)::int
FROM one, LATERAL (VALUES (0, words_a), (1, words_b)) sides(side, n);
""".replace("{{}}", "{}")

SAID = f"""
CREATE TEMP TABLE said AS
SELECT i, %(base)s + i AS unit, %(pair)s AS view, '{{a,b}}'::text[] AS keys, slot, 0 AS round, 0 AS side,
       CASE slot WHEN 3 THEN {PEOPLE} + i %% {JUDGES} ELSE (i * 7 + slot * 13) %% {PEOPLE} END AS who,
       za - zb + CASE slot WHEN 3 THEN 0.02 * (words_a - words_b) ELSE 0 END
       + {NOISE} * CASE topic WHEN 3 THEN 6 ELSE 0.8 END AS z, 'better' AS question, at, slot = 3 AS judge
FROM one, generate_series(0, 3) slot;
INSERT INTO said
SELECT i, unit, view, keys, slot, 1, side, who, z + {NOISE}, question, at + interval '1 day', false
FROM said WHERE slot = 0 AND i %% 25 = 0;
INSERT INTO said
SELECT i, %(base)s + (2 + side) * %(items)s + i, %(each)s, CASE side WHEN 0 THEN '{{a}}' ELSE '{{b}}' END::text[],
       slot, 0, side, CASE slot WHEN 2 THEN {PEOPLE} + i %% {JUDGES} ELSE (i * 7 + slot * 13) %% {PEOPLE} END,
       CASE side WHEN 0 THEN za ELSE zb END + {NOISE} * 0.8, 'score', at, slot = 2
FROM one, generate_series(0, 1) side, generate_series(0, 2) slot WHERE i < %(items)s / 3;
INSERT INTO said
SELECT i, %(base)s + 4 * %(items)s::bigint + i, %(all)s, '{{a,b}}'::text[], slot, 0, 0,
       (i * 7 + slot * 13) %% {PEOPLE}, za + zb + {NOISE}, 'flaws', at, false
FROM one, generate_series(0, 3) slot WHERE i < %(items)s / 6;
ALTER TABLE said ADD id bigserial;
INSERT INTO annotate_unit (id, campaign_id, item_id, view_id, prompt_group_id, keys)
SELECT DISTINCT ON (unit) unit, %(campaign)s, %(base)s + i, view, %(base)s + i / 2, keys FROM said;
INSERT INTO annotate_assignment (id, campaign_id, version_id, unit_id, slot, round, purpose, shown, state,
    reserved_for_id, annotator_id, done_at)
SELECT %(base)s + id, %(campaign)s, %(version)s, unit, CASE WHEN judge OR round > 0 THEN NULL ELSE slot END, round,
       CASE round WHEN 0 THEN '' ELSE 'repeat' END, keys, 'done',
       CASE WHEN judge OR round > 0 THEN %(who)s + who END, %(who)s + who, at FROM said;
INSERT INTO annotate_annotation (id, assignment_id, campaign_id, unit_id, round, annotator_id, answers, revision,
    active_seconds, created_at, changed_at)
SELECT %(base)s + id, %(base)s + id, %(campaign)s, unit, round, %(who)s + who, jsonb_build_object(question,
           CASE question WHEN 'better' THEN jsonb_build_object(
                           'preferred', CASE WHEN z > 0.3 THEN 'a' WHEN z < -0.3 THEN 'b' END)
                         WHEN 'score' THEN jsonb_build_object(keys[1], greatest(1, least(7, round(3 + z))))
                         ELSE to_jsonb(CASE WHEN z > 2 THEN 'none' WHEN z > 0 THEN 'minor' ELSE 'major' END) END),
       1, CASE WHEN NOT judge THEN exp(2.7 + 0.4 * {NOISE}) END, at, at FROM said;
"""
COMMON = """campaign_id, item_id, prompt_group_id, view_id, unit_id, round, question, annotation_id, annotator_id,
    annotator_kind, created_at"""
RECORD = """SELECT %(campaign)s, %(base)s + i, %(base)s + i / 2, view, unit, round, question, %(base)s + id,
    %(who)s + who, CASE WHEN judge THEN 'judge' ELSE 'human' END, at"""
RECORDS = f"""
INSERT INTO annotate_preference ({COMMON}, a_id, b_id, model_a, model_b, sign, both_bad, a_shown_first)
{RECORD}, %(base)s + 2 * i, %(base)s + 2 * i + 1, 'model ' || i %% {MODELS}, NULL,
    CASE WHEN z > 0.3 THEN 1 WHEN z < -0.3 THEN -1 ELSE 0 END, false, (i + slot) %% 2 = 0
FROM said WHERE question = 'better';
INSERT INTO annotate_score ({COMMON}, completion_id, value, position_shown)
{RECORD}, %(base)s + 2 * i + side, greatest(1, least(7, round(3 + z))), 0 FROM said WHERE question = 'score';
INSERT INTO annotate_label ({COMMON}, target, point, value)
{RECORD}, '', '', CASE WHEN z > 2 THEN 'none' WHEN z > 0 THEN 'minor' ELSE 'major' END
FROM said WHERE question = 'flaws';
"""
AFTER = ("promptgroup", "item", "completion", "unit", "assignment", "annotation", "preference", "score", "label")


def write(annotations: int) -> int:
    """Writes a campaign of about so many annotations; returns how many there are."""
    from django.db import connection, transaction

    from annotate.campaigns import create_campaign
    from annotate.models import Annotation, Annotator, Question, User

    boss = User.objects.get(username="boss")
    campaign = create_campaign(boss, {"slug": SLUG, "name": "A million", "questions": QUESTIONS, "overlap": 3})
    kinds = [Annotator.Kind.HUMAN] * PEOPLE + [Annotator.Kind.JUDGE] * JUDGES
    who = [
        Annotator.objects.create(organisation=boss.organisation, campaign=campaign, kind=kind, name=f"{kind} {n:02}")
        for n, kind in enumerate(kinds)
    ]
    views = dict(Question.objects.filter(version=campaign.current).values_list("view__shows", "view"))
    values = {"campaign": campaign.pk, "version": campaign.current.pk, "who": who[0].pk, **views}
    values |= {"base": 1_000_000, "items": round(annotations / PER_ITEM)}
    with transaction.atomic(), connection.cursor() as cursor:
        # The rows are right by construction: looking up every key would take longer than writing them.
        cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL work_mem = '256MB'; SELECT setseed(.5)")
        for script in (ITEMS, SAID, RECORDS):
            for statement in filter(str.strip, script.split(";\n")):
                asked = {name: value for name, value in values.items() if f"%({name})s" in statement}
                cursor.execute(statement, asked)
        for table in AFTER:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('annotate_{table}', 'id'), max(id)) FROM annotate_{table}"
            )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return Annotation.objects.filter(campaign=campaign).count()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from config import boot

    boot.start_servers()
    print(write(int(sys.argv[1])))
