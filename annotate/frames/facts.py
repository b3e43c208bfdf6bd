"""What is known of a campaign's items, read set by set: values of metadata, tags, and the length of the prompt.

Everything is grouped in the database and comes back as codes, so that a million items take no Python object each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from annotate.frames.columns import Ids
from annotate.frames.frames import Frames
from annotate.frames.reading import codes, column, read

MOST_VALUES = 20
MOST_KEYS = 20
TAGS = "tags"

KEYS = """
    WITH said AS (
        SELECT e.key, e.value, jsonb_typeof(e.value) AS type, count(*) AS n
        FROM annotate_item i,
             jsonb_each(CASE jsonb_typeof(i.metadata) WHEN 'object' THEN i.metadata ELSE '{}' END) e
        WHERE i.campaign_id = %(campaign)s AND i.withdrawn_at IS NULL
        GROUP BY 1, 2)
    SELECT key, count(*) FILTER (WHERE type NOT IN ('array', 'object', 'null')),
           count(*) FILTER (WHERE type IN ('array', 'object'))
    FROM said GROUP BY 1 ORDER BY sum(n) DESC, key
"""
TAGGED = """
    SELECT DISTINCT i.id, tag FROM annotate_item i, jsonb_array_elements_text(
        CASE jsonb_typeof(i.metadata -> 'tags') WHEN 'array' THEN i.metadata -> 'tags' ELSE '[]' END) tag
    WHERE i.campaign_id = {campaign} AND i.withdrawn_at IS NULL ORDER BY i.id
"""
ITEMS = """
    SELECT i.id, CASE jsonb_typeof(i.prompt)
        WHEN 'string' THEN char_length(i.prompt #>> '{{}}')
        WHEN 'array' THEN (SELECT coalesce(sum(char_length(said ->> 'content')), 0)
                           FROM jsonb_array_elements(i.prompt) said)
        ELSE 0 END
"""
ITEM = "FROM annotate_item i WHERE i.campaign_id = {campaign} AND i.withdrawn_at IS NULL ORDER BY i.id"


@dataclass(frozen=True, slots=True)
class Facts:
    """The items in the order of their ids, shape (m,), with the code points of their prompts (of messages, what they
    say), and by key of the metadata codes, shape (m,), into texts; "" stands for an item without the key."""

    item: Ids
    length: Ids
    metadata: Mapping[str, tuple[Ids, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A key of the metadata that makes no slices, and why."""

    key: str
    why: str


def metadata_keys(frames: Frames) -> tuple[list[str], list[LeftOut]]:
    """The keys of the metadata with 2 to 20 different texts, numbers or truth values; and the others."""
    with connection.cursor() as cursor:
        cursor.execute(KEYS, {"campaign": frames.campaign.pk})
        rows = cursor.fetchall()
    chosen, left = list[str](), list[LeftOut]()
    for key, values, nested in rows:
        if key == TAGS and not values:
            continue
        if why := _why_not(values, nested, len(chosen)):
            left.append(LeftOut(key, why))
        else:
            chosen.append(key)
    return chosen, left


def _why_not(values: int, nested: int, chosen: int) -> str:
    if nested:
        return "it holds lists or objects"
    if values < 2:
        return "it has the same value everywhere"
    if values > MOST_VALUES:
        return f"it has {values:,} different values, more than {MOST_VALUES}"
    return f"{MOST_KEYS} other keys come before it" if chosen >= MOST_KEYS else ""


def facts_of(frames: Frames, keys: Sequence[str]) -> Facts:
    """What the items say under these keys, and how long their prompts are."""
    names = [f"key_{n}" for n in range(len(keys))]
    columns = "".join(f", coalesce(i.metadata ->> {{{name}}}, '')" for name in names)
    values = {"campaign": frames.campaign.pk, **dict(zip(names, keys, strict=True))}
    types = {"item": "int64", "length": "int64", **dict.fromkeys(names, "string")}
    table = read(f"{ITEMS}{columns} {ITEM}", values, types)
    metadata = {key: codes(table, name) for key, name in zip(keys, names, strict=True)}
    return Facts(column(table, "item"), column(table, "length"), metadata)


def tags_of(frames: Frames) -> tuple[Ids, Ids, tuple[str, ...]]:
    """The tags in the lists `metadata.tags`: a row for each tag of an item, its id and a code into the texts."""
    table = read(TAGGED, {"campaign": frames.campaign.pk}, {"item": "int64", "tag": "string"})
    return column(table, "item"), *codes(table, "tag")
