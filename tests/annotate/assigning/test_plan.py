"""How PostgreSQL carries the claim out: an indexed walk, however much has been done."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from annotate.assigning import OPEN, claim
from annotate.models import Annotator, Assignment, Campaign, Member, Unit, User
from tests.factories import PAIRWISE, make_campaign, person

pytestmark = pytest.mark.django_db

UNITS, DONE = 12_000, 10_800
FEW_BUFFERS = 60

FILL = """
    INSERT INTO annotate_promptgroup (campaign_id, digest) SELECT %(campaign)s, 'g' || n FROM generate_series(1, %(units)s) n;
    INSERT INTO annotate_item (campaign_id, prompt_group_id, key, digest, prompt, metadata)
        SELECT campaign_id, id, digest, '', '"?"', '{}' FROM annotate_promptgroup ORDER BY id;
    INSERT INTO annotate_unit (campaign_id, item_id, view_id, prompt_group_id, keys)
        SELECT campaign_id, id, %(view)s, prompt_group_id, '{a,b}' FROM annotate_item ORDER BY id;
    INSERT INTO annotate_assignment (campaign_id, version_id, unit_id, slot, shown)
        SELECT campaign_id, %(version)s, id, slot, keys FROM annotate_unit, generate_series(0, 2) slot ORDER BY id, slot;
    UPDATE annotate_assignment SET state = 'done', annotator_id = %(me)s, done_at = now() WHERE slot = 0 AND unit_id IN
        (SELECT id FROM annotate_unit ORDER BY id LIMIT %(done)s);
    UPDATE annotate_member SET cursor_normal = (SELECT max(rank) FROM annotate_assignment WHERE state = 'done');
    ANALYZE annotate_assignment; ANALYZE annotate_unit; ANALYZE annotate_skip;
"""


@pytest.fixture
def busy(researcher: User) -> tuple[Campaign, Annotator]:
    """A campaign with thousands of units in three slots, and somebody who has done 90 % of them."""
    campaign, me = make_campaign(researcher, questions=[PAIRWISE], overlap=3), person(researcher)
    view = campaign.views.get()
    names = {"campaign": campaign.pk, "version": campaign.current.pk, "view": view.pk, "me": me.pk}
    with connection.cursor() as cursor:
        for statement in FILL.split(";\n"):
            if statement.strip():
                cursor.execute(statement, {**names, "units": UNITS, "done": DONE})
    assert Assignment.objects.filter(annotator=me).count() == DONE
    return campaign, me


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def explain(query: str, values: dict[str, Any]) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}", values)
        (found,) = cursor.fetchone()
    plan: dict[str, Any] = found[0]["Plan"]
    return plan


def test_the_claim_walks_the_open_rows_from_the_cursor(busy: tuple[Campaign, Annotator]) -> None:
    campaign, me = busy
    cursor = Member.objects.get().cursor_normal
    values = {"campaign": campaign.pk, "me": me.pk, "lane": Assignment.NORMAL, "cursor": cursor, "recent": []}
    plan = explain(OPEN, values)
    found = list(nodes(plan))
    assert "assignment_open" in [node.get("Index Name") for node in found]
    assert "Seq Scan" not in [node["Node Type"] for node in found]
    assert "Anti" not in [node.get("Join Type") for node in found]
    assert not [node for node in found if node["Node Type"].startswith("Hash")]
    on_mine = [node for node in found if node.get("Alias") == "mine"]
    assert on_mine, "what one has done is asked row by row"
    assert [node for node in found if node.get("Parent Relationship") == "SubPlan"]
    assert plan["Actual Rows"] == 1
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < FEW_BUFFERS


def test_the_next_unit_is_the_first_that_is_not_done(busy: tuple[Campaign, Annotator]) -> None:
    campaign, me = busy
    Campaign.objects.update(state="running")
    assignment = claim(campaign, me)
    assert assignment is not None
    assert assignment.unit_id == Unit.objects.order_by("pk")[DONE].pk
