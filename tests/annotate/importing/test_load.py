"""From rows to items, units and assignments."""

from collections import Counter
from typing import Any

import pytest

from annotate.importing.digests import content_key
from annotate.importing.rows import parse_row
from annotate.models import Assignment, Completion, Item, PromptGroup, Unit, User
from tests.factories import PAIRWISE, PAIRWISE_PAIR, RATING_EACH, import_rows, make_campaign, pair_rows

pytestmark = pytest.mark.django_db


def test_an_item_is_stored_with_all_it_came_with(researcher: User) -> None:
    row: dict[str, Any] = {
        "key": "k",
        "prompt": [{"role": "user", "content": "Hi"}],
        "completions": [
            {"key": "x", "text": "", "model": "m", "metadata": {"step": 3}},
            {"messages": [{"role": "assistant", "content": "Ho"}], "prompt": "Hi there"},
        ],
        "context": "c",
        "reference": "r",
        "tools": [{"name": "t"}],
        "points": [{"key": "p", "text": "Says hi"}],
        "metadata": {"split": "train"},
        "gold": {"answers": {"overall": {"preferred": "x"}}},
    }
    assert import_rows(make_campaign(researcher), [row]).done == 1
    item = Item.objects.get()
    for name in ("key", "prompt", "context", "reference", "tools", "points", "metadata", "gold"):
        assert getattr(item, name) == row[name], name
    first, second = Completion.objects.all()
    assert (first.key, first.text, first.messages, first.model, first.metadata) == ("x", "", None, "m", {"step": 3})
    assert (second.key, second.text, second.messages, second.prompt) == (
        "b",
        None,
        row["completions"][1]["messages"],
        "Hi there",
    )


def test_each_view_makes_its_units_and_each_unit_its_slots(researcher: User) -> None:
    campaign = make_campaign(researcher, questions=[RATING_EACH, PAIRWISE_PAIR], overlap=3)
    import_rows(campaign, pair_rows(2, completions=3))
    units = Counter((unit.view.name, tuple(unit.keys)) for unit in Unit.objects.select_related("view"))
    pairs = [("a", "b"), ("a", "c"), ("b", "c")]
    assert units == {("each", (key,)): 2 for key in "abc"} | {("pair", pair): 2 for pair in pairs}
    slots = Counter(Assignment.objects.values_list("slot", flat=True))
    assert slots == {0: 12, 1: 12, 2: 12}


def test_a_view_may_draw_some_pairs_the_same_ones_every_time(researcher: User) -> None:
    drawn = []
    for slug in ("one", "two"):
        views = [{"name": "pair", "shows": "pair", "pairs": 2}]
        campaign = make_campaign(researcher, slug, [PAIRWISE_PAIR], views=views)
        import_rows(campaign, pair_rows(5, completions=4))
        drawn.append({(u.item.key, tuple(u.keys)) for u in campaign.units.select_related("item")})
        assert Counter(key for key, _ in drawn[-1]) == {f"r{i}": 2 for i in range(5)}
    assert drawn[0] == drawn[1]
    assert len({keys for _, keys in drawn[0]}) > 2


def test_sides_are_balanced_across_the_overlap_and_random_between_units(researcher: User) -> None:
    import_rows(make_campaign(researcher, overlap=4), pair_rows(40))
    first = Counter[str]()
    for unit in Unit.objects.all():
        orders = [tuple(a.shown) for a in unit.assignments.order_by("slot")]
        assert orders[1] == orders[0][::-1]
        assert orders[3] == orders[2][::-1]
        first[orders[0][0]] += 1
    assert min(first["a"], first["b"]) >= 10


def test_units_of_one_prompt_lie_apart_in_the_order_of_claiming(researcher: User) -> None:
    import_rows(make_campaign(researcher, questions=[RATING_EACH, PAIRWISE_PAIR]), pair_rows(6))
    order = Assignment.objects.order_by("rank").values_list("unit__item__key", "unit__keys")
    expected = [(f"r{i}", keys) for keys in (["a"], ["b"], ["a", "b"]) for i in range(6)]
    assert [(key, list(keys)) for key, keys in order] == expected


def test_items_with_one_prompt_share_a_group_and_are_spread_like_one(researcher: User) -> None:
    rows = [{**row, "prompt": "Same?" if i < 3 else row["prompt"]} for i, row in enumerate(pair_rows(6))]
    import_rows(make_campaign(researcher), rows)
    assert PromptGroup.objects.count() == 4
    assert list(Assignment.objects.order_by("rank").values_list("unit__item__key", flat=True)) == [
        "r0",
        "r3",
        "r4",
        "r5",
        "r1",
        "r2",
    ]


def test_the_same_file_twice_adds_nothing(researcher: User) -> None:
    campaign = make_campaign(researcher, overlap=2)
    rows = [*pair_rows(3), *({k: v for k, v in row.items() if k != "key"} for row in pair_rows(5)[3:])]
    first, second = import_rows(campaign, rows), import_rows(campaign, rows)
    assert (first.done, first.repeated, first.rejected) == (5, 0, 0)
    assert (second.done, second.repeated, second.rejected) == (5, 5, 0)
    assert (Item.objects.count(), Unit.objects.count(), Assignment.objects.count()) == (5, 5, 10)


def test_a_keyless_row_is_known_by_what_is_shown_not_by_its_metadata(researcher: User) -> None:
    campaign = make_campaign(researcher)
    row = {k: v for k, v in pair_rows(1)[0].items() if k != "key"}
    job = import_rows(campaign, [row, {**row, "metadata": {"new": 1}}, {**row, "context": "other"}])
    assert (job.done, job.repeated) == (3, 1)
    assert set(Item.objects.values_list("key", flat=True)) == {
        content_key(parse_row(r)) for r in (row, {**row, "context": "other"})
    }


def test_a_key_with_other_content_is_an_error_of_its_row(researcher: User) -> None:
    campaign = make_campaign(researcher)
    changed = {**pair_rows(1)[0], "prompt": "Another?"}
    for job in (import_rows(campaign, [*pair_rows(2), changed]), import_rows(campaign, [changed, *pair_rows(2)[1:]])):
        (error,) = job.errors.all()
        assert (error.field, error.message) == ("key", "'r0' is taken by an item with other content")
        assert job.rejected == 1
    assert Item.objects.get(key="r0").prompt == "Question 0?"


def test_two_completions_with_the_same_text_are_fine(researcher: User) -> None:
    row = {"prompt": "p", "completions": [{"text": "same"}, {"text": "same"}]}
    assert import_rows(make_campaign(researcher), [row]).done == 1


@pytest.mark.parametrize(
    ("question", "completions", "message"),
    [
        (PAIRWISE, 3, "exactly two completions, not 3"),
        (PAIRWISE, 1, "exactly two"),
        (PAIRWISE_PAIR, 1, "shows pairs: give at least two"),
    ],
)
def test_a_row_of_which_a_question_cannot_be_asked_is_refused(
    researcher: User, question: dict[str, Any], completions: int, message: str
) -> None:
    job = import_rows(make_campaign(researcher, questions=[question]), pair_rows(1, completions))
    (error,) = job.errors.all()
    assert (error.row, error.field) == (1, "completions")
    assert message in error.message


def test_an_overlap_of_nought_makes_items_that_nobody_is_asked_about(researcher: User) -> None:
    import_rows(make_campaign(researcher, overlap=0), pair_rows(2))
    assert (Unit.objects.count(), Assignment.objects.count()) == (2, 0)
