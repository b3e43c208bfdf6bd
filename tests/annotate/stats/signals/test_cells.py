import numpy as np
import pytest
from scipy.stats import t

from annotate.stats.signals.cells import cells, p_beyond


def test_rows_are_summed_by_annotator_and_prompt() -> None:
    """Annotator 0 has two rows of prompt 7 and one of prompt 9, annotator 2 one of prompt 7; 1 has none."""
    of = cells([0, 2, 0, 0], 3, [7, 7, 9, 7])
    assert (of.n.tolist(), of.k.tolist(), of.owner.tolist()) == ([3, 0, 1], [2, 0, 1], [0, 0, 2])
    assert of.by_cell(np.array([1.0, 2, 4, 8])).tolist() == [9, 4, 2]
    assert of.by_annotator(np.array([9.0, 4, 2])).tolist() == [13, 0, 2]
    assert of.errors(np.array([3.0, 4, 5])).tolist() == pytest.approx([50**0.5, 0, 5])  # √(2/1 · (9 + 16))


@pytest.mark.parametrize(("side", "sign"), [(0, 1), (1, 1), (-1, -1)])
def test_the_p_value_of_a_share_by_hand(side: int, sign: int) -> None:
    """8 hits of 10, prompts of their own, against 50 % ± 10 %: e is 0.4 eight times and −0.6 twice, so
    T = 2 / √(10/9 · (1.28 + 0.72)) = 3/√5; below the other edge it is 10 · 0.2 / √(20/9) = 3/√5 further."""
    of = cells([0] * 10, 1, range(10))
    hit = np.array([1.0] * 8 + [0] * 2) if sign > 0 else np.array([0.0] * 8 + [1] * 2)
    other = t.sf(6 / 5**0.5, 9) if side == 0 else 0
    assert p_beyond(of, hit, np.ones(10), 0.5, 0.1, side)[0] == pytest.approx(t.sf(3 / 5**0.5, 9) + other)


@pytest.mark.parametrize(("who", "cluster"), [([0, 0], [1]), ([2], [1]), ([0.5], [1]), ([np.nan], [1])])
def test_bad_input_is_refused(who: list[float], cluster: list[int]) -> None:
    with pytest.raises(ValueError):
        cells(who, 2, cluster)
