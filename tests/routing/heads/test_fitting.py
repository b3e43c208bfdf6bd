import numpy as np
import pytest

from routing.heads.features import features, read, written
from routing.heads.fitting import PENALTIES, best_penalty, fit, path, train
from routing.heads.training import held_out_accuracy


def planted(n: int = 400, size: int = 12, noise: float = 0.3, seed: int = 0) -> tuple[np.ndarray, ...]:
    """Pairs whose preferred side follows two of the features, four pairs a prompt."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(n, size))
    outcome = (2 * rows[:, 0] - rows[:, 1] + noise * rng.normal(size=n) > 0).astype(float)
    return rows, outcome, np.arange(n) // 4


def test_one_feature_has_the_solution_worked_by_hand() -> None:
    """Three of four pairs at difference 1 prefer a: without a penalty to speak of w = ln 3."""
    rows, outcome = np.ones((4, 1)), np.array([1.0, 1.0, 1.0, 0.0])
    assert fit(rows, outcome, 1e-9) == pytest.approx([np.log(3)], abs=1e-3)


def test_a_tie_counts_half_for_either_side() -> None:
    rows = np.array([[1.0], [1.0]])
    ties, split = fit(rows, np.array([0.5, 0.5]), 0.1), fit(rows, np.array([1.0, 0.0]), 0.1)
    assert ties == pytest.approx(split)
    assert ties == pytest.approx([0.0])


def test_turning_a_pair_round_changes_nothing() -> None:
    rows, outcome, _ = planted(60)
    turned = np.where(np.arange(60) % 2, -1.0, 1.0)
    other = fit(rows * turned[:, None], np.where(turned > 0, outcome, 1 - outcome), 1.0)
    assert other == pytest.approx(fit(rows, outcome, 1.0), abs=1e-4)


def test_a_larger_penalty_holds_the_weights_back() -> None:
    rows, outcome, _ = planted(100)
    lengths = [np.linalg.norm(weights) for weights in path(rows, outcome, PENALTIES)]
    assert lengths == sorted(lengths)


def test_a_planted_rule_is_found_on_prompts_held_out() -> None:
    rows, outcome, group = planted()
    head = train(rows, outcome, group)
    found = held_out_accuracy(head.log_odds, outcome, group)
    assert found.value is not None
    assert found.interval is not None
    assert found.value > 0.9
    assert found.interval[0] < found.value < found.interval[1]
    assert head.weights[0] / head.weights[1] == pytest.approx(-2, abs=0.4)
    assert found.clusters == 100


def test_without_a_rule_the_held_out_accuracy_is_chance() -> None:
    rows, _, group = planted()
    outcome = np.random.default_rng(1).integers(0, 2, 400).astype(float)
    found = held_out_accuracy(train(rows, outcome, group).log_odds, outcome, group)
    assert found.interval is not None
    assert found.interval[0] < 0.5 < found.interval[1] + 0.02


def test_labels_of_a_prompt_do_not_leak_to_its_other_pairs() -> None:
    """Every prompt has its own direction and side: only memory of the same prompt could know it."""
    rng = np.random.default_rng(2)
    group = np.arange(120) // 3
    rows = np.repeat(rng.normal(size=(40, 60)), 3, axis=0) + 0.01 * rng.normal(size=(120, 60))
    outcome = np.repeat(rng.integers(0, 2, 40), 3).astype(float)
    found = held_out_accuracy(train(rows, outcome, group).log_odds, outcome, group)
    assert found.value is not None
    assert found.value < 0.7


def test_ties_have_no_side_to_be_right_about() -> None:
    outcome = np.array([1.0, 0.5, 0.0, 0.5])
    assert held_out_accuracy(np.array([1.0, 1.0, 1.0, -1.0]), outcome, [0, 1, 2, 3]).n == 2


def test_more_features_than_pairs_are_no_trouble() -> None:
    rows, outcome, group = planted(40, size=200)
    assert train(rows, outcome, group).weights.shape == (200,)


def test_one_prompt_group_is_not_enough() -> None:
    rows, outcome, _ = planted(20)
    with pytest.raises(ValueError, match="two prompt groups or more"):
        train(rows, outcome, np.zeros(20))


def test_where_nothing_can_be_held_out_the_penalty_is_the_largest() -> None:
    rows, outcome, _ = planted(20)
    assert best_penalty(rows, outcome, np.zeros(20, int)) == PENALTIES[0]


def test_a_head_is_written_and_read() -> None:
    head = np.array([0.5, -1.25, 3.0])
    assert read(written(head)).tolist() == head.tolist()
    with pytest.raises(ValueError):
        read("not a head!")


def test_features_let_prompt_and_response_interact() -> None:
    prompts, responses = np.array([[0.6, 0.8]]), np.array([[1.0, 0.0]])
    expected = [1.0, 0.0, np.sqrt(2) * 0.6, 0.0, 0.4, 0.8]
    assert features(prompts, responses)[0] == pytest.approx(expected)
