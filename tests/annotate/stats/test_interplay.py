import numpy as np
import pytest

from annotate.stats.interplay import CELLS, interplay, win_rate


def test_a_win_rate_is_the_mean_of_1_half_and_0_with_1_96_standard_errors() -> None:
    found, error = win_rate(60, 20, 20)
    scores = [1.0] * 60 + [0.5] * 20 + [0.0] * 20
    assert found.value == pytest.approx(0.7)
    assert error == pytest.approx(np.std(scores, ddof=1) / 10)
    assert found.interval == pytest.approx((0.7 - 1.96 * error, 0.7 + 1.96 * error))
    assert found.n == 100


def test_a_model_that_always_wins_has_the_interval_of_clopper_and_pearson() -> None:
    found, _ = win_rate(20, 0, 0)
    assert found.interval == pytest.approx((0.025 ** (1 / 20), 1.0))


def test_a_cell_without_comparisons_says_nothing() -> None:
    assert win_rate(0, 0, 0)[0].value is None
    with pytest.raises(ValueError, match="negative"):
        win_rate(-1, 0, 0)


def test_each_protocol_favours_its_own() -> None:
    counts = {cell: (70, 0, 30) if cell[0] == cell[1] else (40, 0, 60) for cell in CELLS}
    found = interplay(counts)
    assert found.interaction.value == pytest.approx(0.6)
    error = np.sqrt(2 * 0.7 * 0.3 / 99 + 2 * 0.4 * 0.6 / 99)
    assert found.interaction.interval == pytest.approx((0.6 - 1.96 * error, 0.6 + 1.96 * error))
    assert found.interaction.n == 400


def test_the_interaction_waits_for_all_four_cells() -> None:
    found = interplay({("rating", "rating"): (1, 0, 0)})
    assert (found.interaction.value, found.interaction.method) == (None, "all four cells are needed")
    with pytest.raises(ValueError, match="no cells"):
        interplay({("rating", "spans"): (1, 0, 0)})


def test_the_interval_of_the_interaction_holds_its_share_of_samples() -> None:
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(400):
        counts = {cell: (int(wins), 0, 100 - int(wins)) for cell in CELLS for wins in [rng.binomial(100, 0.5)]}
        low, high = interplay(counts).interaction.interval or (0, 0)
        held += low <= 0 <= high
    assert 0.92 <= held / 400 <= 0.98
