"""Agreement with most of the others, beyond what one's own habits would bring."""

from typing import Any

import numpy as np
import pytest

from annotate.stats.signals.agreement import agreement_with_rest

LABELS, PEOPLE, THINGS = 3, 5, 200


def answered(seed: int, careful: float = 0.7) -> tuple[Any, Any, Any]:
    """Three of five people about each thing: the truth so often, else anything."""
    rng = np.random.default_rng(seed)
    who = np.concatenate([rng.choice(PEOPLE, 3, replace=False) for _ in range(THINGS)])
    thing = np.repeat(np.arange(THINGS), 3)
    truth = rng.integers(0, LABELS, THINGS)[thing]
    value = np.where(rng.random(len(who)) < careful, truth, rng.integers(0, LABELS, len(who)))
    return who, thing, value.astype(float)


def by_hand(who: Any, thing: Any, value: Any) -> list[float]:
    """The same, person by person and answer by answer."""
    found = []
    for person in range(PEOPLE):
        hits, own, met = [], np.zeros(LABELS), np.zeros(LABELS)
        for row in np.flatnonzero(who == person):
            others = value[(thing == thing[row]) & (who != person)].astype(int)
            number = np.bincount(others, minlength=LABELS)
            most = (number == number.max()) / (number == number.max()).sum()
            hits.append(most[int(value[row])])
            own[int(value[row])] += 1
            met += most
        chance = (own / len(hits)) @ (met / len(hits))
        found.append((np.mean(hits) - chance) / (1 - chance))
    return found


def test_the_figure_is_that_of_going_through_the_answers_one_by_one() -> None:
    who, thing, value = answered(0)
    found = agreement_with_rest(who, PEOPLE, thing, value, thing // 2)
    assert [figure.value for figure in found.figures] == pytest.approx(by_hand(who, thing, value))


def test_always_the_same_answer_agrees_no_more_than_chance() -> None:
    """Beside somebody who gives it in 15 of 20: hits .75, chance 1 · .75; and of the other .75 and .75 · 1."""
    who, thing = np.repeat([0, 1], 20), np.tile(np.arange(20), 2)
    value = np.concatenate([np.zeros(20), np.repeat([0.0, 1.0], [15, 5])])
    found = agreement_with_rest(who, 2, thing, value, thing)
    assert [figure.value for figure in found.figures] == pytest.approx([0, 0], abs=1e-12)


def test_chance_is_that_of_each_question() -> None:
    """Two questions whose answers are always alike within one: all agreement there is what the question brings."""
    who, thing = np.tile([0, 1], 20), np.repeat(np.arange(20), 2)
    value = np.where(thing < 10, 0.0, 1.0 + (thing + who) % 2)
    one = agreement_with_rest(who, 2, thing, value, thing)
    apart = agreement_with_rest(who, 2, thing, value, thing, question=(thing >= 10).astype(int))
    assert one.figures[0].value == pytest.approx((0.5 - 0.375) / (1 - 0.375))
    assert apart.figures[0].value == pytest.approx((0.5 - 0.75) / (1 - 0.75))


def test_the_interval_is_as_wide_as_leaving_out_prompt_groups_says() -> None:
    who, thing, value = answered(1)
    group = thing // 2
    (low, high) = agreement_with_rest(who, PEOPLE, thing, value, group).figures[0].interval or (0, 0)
    mine = np.unique(group[who == 0])
    left = [by_hand(who[group != each], thing[group != each], value[group != each])[0] for each in mine]
    k = len(mine)
    error = np.sqrt((k - 1) / k * np.sum((np.array(left) - np.mean(left)) ** 2))
    assert (high - low) / 2 == pytest.approx(1.98 * error, rel=0.08)


def test_careless_answers_are_found_and_the_others_are_left_alone() -> None:
    who, thing, value = answered(2, careful=0.9)
    careless = who == 3
    value[careless] = np.random.default_rng(3).integers(0, LABELS, careless.sum())
    p = agreement_with_rest(who, PEOPLE, thing, value, thing // 2).p
    assert p[3] < 0.001
    assert (p[[0, 1, 2, 4]] > 0.05).all()


def test_nobody_beside_him_is_no_figure() -> None:
    found = agreement_with_rest([0, 0, 1], 2, [0, 1, 2], [1, 2, 1], [0, 1, 2])
    assert [figure.value for figure in found.figures] == [None, None]
    assert np.isnan(found.p).all()


def test_unequal_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="one annotator, one thing"):
        agreement_with_rest([0, 1], 2, [0], [1, 1], [0, 0])
