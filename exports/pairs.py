"""Decides every compared pair of a campaign, from the preference records and what stands above them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotate.models import Campaign, Completion, Item
from exports.decisions import MAJORITY, STORED, above, by_rule, stored
from exports.formats import Dropped, Pair
from exports.votes import Votes, batches, counted, votes


def decided(campaign: Campaign, options: Mapping[str, Any]) -> Iterator[Pair | Dropped]:
    """Every compared pair, and then what researchers decided without votes: decided, or dropped with the reason.

    By majority and by what is stored memory stays constant.
    """
    over = above(campaign, options)
    chosen = options.get("consensus", MAJORITY)
    by = by_rule(campaign, options) if chosen not in (MAJORITY, STORED) else None
    left = dict(over.adjudicated)
    for buffer in batches(votes(campaign, options, over.excluded).iterator(chunk_size=5000)):
        items = {group[0][0] for group in buffer}
        found = stored(campaign, items, options["questions"]) if chosen == STORED else by
        for group in buffer:
            left.pop(group[0][1:4], None)
        yield from _decide([Votes(group[0][:4], counted(group, options), over, found) for group in buffer], options)
    rest = sorted(left, key=lambda key: (over.item[key], key))
    yield from _decide([Votes((over.item[key], *key), [], over, by) for key in rest], options)


def _decide(buffer: Sequence[Votes], options: Mapping[str, Any]) -> Iterator[Pair | Dropped]:
    items = Item.objects.in_bulk({each.of[0] for each in buffer})
    completions = Completion.objects.in_bulk({pk for each in buffer for pk in each.of[2:]})
    for each in buffer:
        try:
            yield _pair(each, items, completions, options)
        except Dropped as dropped:
            yield dropped


def _pair(
    voted: Votes,
    items: Mapping[int, Item],
    completions: Mapping[int, Completion],
    options: Mapping[str, Any],
) -> Pair:
    item, question, a, b = voted.of
    if items[item].withdrawn_at is not None:
        raise Dropped("withdrawn")
    decision = voted.decision(options)
    if decision.sign is None:
        raise Dropped("undecided")
    if decision.sign == 0:
        raise Dropped("both_bad" if decision.both_bad else "tie")
    winner, loser, sign = (a, b, 1) if decision.sign > 0 else (b, a, -1)
    chosen, rejected = completions[winner], completions[loser]
    prompts = [c.prompt if c.prompt is not None else items[item].prompt for c in (chosen, rejected)]
    if prompts[0] != prompts[1]:
        raise Dropped("prompts_differ")
    if (chosen.text, chosen.messages) == (rejected.text, rejected.messages):
        raise Dropped("same_text")
    plus, zero, minus = voted.counts()
    return Pair(
        item=items[item].key,
        question=question,
        prompt=prompts[0],
        chosen=chosen,
        rejected=rejected,
        votes=(plus, zero, minus) if sign == 1 else (minus, zero, plus),
        strength=voted.strength(sign, decision),
        annotations=[vote[7] for vote in voted.group],
        judged=voted.adjudicated is None and all(vote[8] == "judge" for vote in voted.group),
        adjudicated=voted.adjudicated is not None,
    )
