"""Percent, kappa and pi against published and hand-worked tables."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student_t

from annotate.stats.agreement import agreement

LABELS = st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("xyz")), min_size=2, max_size=50)


def units(table: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    cells = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    return [i for i, _ in cells], [j for _, j in cells]


# Artstein & Poesio (2008), two annotators and a hundred dialogue acts: pi .341, kappa .348, observed .7.
# Fleiss, Levin & Paik (2003), diagnoses of a hundred subjects: kappa .676. The grant readers of many a textbook: .4.
PUBLISHED = [
    ([[20, 20], [10, 50]], 0.7, 0.348, 0.341),
    ([[75, 1, 4], [5, 4, 1], [0, 0, 10]], 0.89, 0.676, 0.675),
    ([[20, 5], [10, 15]], 0.7, 0.4, 0.394),
]


@pytest.mark.parametrize(("table", "percent", "kappa", "pi"), PUBLISHED)
def test_published_tables_give_the_published_figures(
    table: list[list[int]], percent: float, kappa: float, pi: float
) -> None:
    first, second = units(table)
    found = agreement(first, second, np.arange(len(first)))
    assert found.table == tuple(map(tuple, table))
    assert found.percent.value == pytest.approx(percent)
    assert found.kappa.value == pytest.approx(kappa, abs=5e-4)
    assert found.pi.value == pytest.approx(pi, abs=5e-4)


def test_the_error_of_kappa_is_that_of_fleiss_cohen_and_everitt() -> None:
    # Few units of their own prompt: the linearised error is the asymptotic one (1969, eq. 12) times √(n / (n − 1)).
    table = np.array([[6, 2, 1], [1, 5, 1], [2, 1, 6]])
    first, second = units(table.tolist())
    n, p = 25, table / 25
    rows, cols, po = p.sum(axis=1), p.sum(axis=0), np.trace(p)
    pe = rows @ cols
    kappa = (po - pe) / (1 - pe)
    diagonal = np.sum(np.diag(p) * (1 - (rows + cols) * (1 - kappa)) ** 2)
    off = (p * (cols[:, None] + rows[None, :]) ** 2).sum() - np.sum(np.diag(p) * (rows + cols) ** 2)
    variance = (diagonal + (1 - kappa) ** 2 * off - (kappa - pe * (1 - kappa)) ** 2) / ((1 - pe) ** 2 * n)
    found = agreement(first, second, np.arange(n)).kappa
    half = student_t.ppf(0.975, n - 1) * np.sqrt(variance * n / (n - 1))
    assert found.method == "cluster t"
    assert found.interval == pytest.approx((kappa - half, kappa + half))


def test_one_label_in_use_leaves_kappa_and_pi_undefined() -> None:
    found = agreement(["a", "a"], ["a", "a"], [1, 2])
    assert found.percent.value == 1
    assert (found.kappa.value, found.pi.value) == (None, None)
    assert found.kappa.interval is None


def test_kappa_and_pi_differ_where_the_sides_use_labels_differently() -> None:
    # One side says always a: kappa is 0; pi, which takes the shares for common, is below.
    found = agreement("aaaa", "aabb", np.arange(4))
    assert found.kappa.value == pytest.approx(0)
    assert found.pi.value == pytest.approx((0.5 - 0.625) / 0.375)


def test_prompts_whose_units_behave_alike_widen_the_interval() -> None:
    first = ["a"] * 200 + ["b"] * 200
    second = [label if n // 10 % 2 else "c" for n, label in enumerate(first)]
    grouped = agreement(first, second, np.arange(400) // 10).kappa.interval
    single = agreement(first, second, np.arange(400)).kappa.interval
    assert grouped is not None
    assert single is not None
    assert grouped[1] - grouped[0] > 2 * (single[1] - single[0])


def test_no_units_are_no_figures_and_unequal_lengths_are_refused() -> None:
    found = agreement([], [], [])
    assert (found.n, found.percent.value, found.kappa.value, found.table) == (0, None, None, ())
    with pytest.raises(ValueError, match="as many"):
        agreement(["a"], ["a", "b"], [1])


@given(LABELS)
def test_names_of_labels_and_sides_change_no_figure(pairs: list[tuple[str, str]]) -> None:
    first, second = zip(*pairs, strict=True)
    clusters, other = np.arange(len(pairs)) // 2, {"x": 3, "y": 1, "z": 2}
    one = agreement(first, second, clusters)
    renamed = agreement([other[v] for v in second], [other[v] for v in first], clusters)
    for figure, same in ((one.percent, renamed.percent), (one.kappa, renamed.kappa), (one.pi, renamed.pi)):
        assert same.value == (None if figure.value is None else pytest.approx(figure.value))
        assert same.interval == (None if figure.interval is None else pytest.approx(figure.interval, abs=1e-6))
    assert sum(map(sum, one.table)) == len(pairs)


@given(LABELS)
def test_the_figure_lies_within_its_interval_and_both_within_their_range(pairs: list[tuple[str, str]]) -> None:
    first, second = zip(*pairs, strict=True)
    found = agreement(first, second, np.arange(len(pairs)))
    for figure, lowest in ((found.percent, 0), (found.kappa, -1), (found.pi, -1)):
        if figure.value is None or figure.interval is None:
            continue
        low, high = figure.interval
        assert lowest <= low <= figure.value + 1e-9
        assert figure.value - 1e-9 <= high <= 1
