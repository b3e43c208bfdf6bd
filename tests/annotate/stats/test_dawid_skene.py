"""Dawid–Skene: the published example, planted annotators, and what is refused."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from annotate.stats.dawid_skene import dawid_skene
from tests.annotate.stats.anaesthetic import votes

SHAPE = (45, 5, 4)


def test_the_anaesthetic_data_give_the_published_estimates() -> None:
    """Tables 2 and 4 of the paper: marginal probabilities, and observer 1's error rates."""
    found = dawid_skene(*votes(), SHAPE, smoothing=0)
    assert found.converged
    assert found.priors.round(2).tolist() == [0.40, 0.42, 0.11, 0.07]
    assert found.confusion[0].round(2).tolist() == [
        [0.89, 0.11, 0, 0],
        [0.07, 0.88, 0.05, 0],
        [0, 0.34, 0.66, 0],
        [0, 0, 0.56, 0.44],
    ]
    assert found.posterior.argmax(axis=1)[:5].tolist() == [0, 3, 1, 1, 1]
    assert found.answers.tolist() == [135, 45, 45, 45, 45]


def test_smoothing_moves_the_published_estimates_by_little() -> None:
    found = dawid_skene(*votes(), SHAPE)
    assert found.priors == pytest.approx([0.40, 0.42, 0.11, 0.07], abs=0.005)
    assert (found.confusion > 0).all()


def test_rows_and_priors_are_probabilities_and_the_fit_is_a_maximum() -> None:
    found = dawid_skene(*votes(), SHAPE, smoothing=0)
    for rows in (found.posterior, found.confusion, found.priors):
        assert rows.sum(axis=-1) == pytest.approx(1)
    shorter = dawid_skene(*votes(), SHAPE, smoothing=0, rounds=3)
    assert not shorter.converged
    assert shorter.log_likelihood < found.log_likelihood == pytest.approx(-192.89, abs=0.01)


def planted(seed: int, things: int = 400) -> tuple[npt.NDArray[Any], ...]:
    """Four annotators answer every thing with one of two labels: right at 90, 80 and 70 %, and contrary at 85 %."""
    rng = np.random.default_rng(seed)
    truth, right = rng.integers(0, 2, things), np.array([0.9, 0.8, 0.7, 0.15])
    thing, by = (each.ravel() for each in np.meshgrid(np.arange(things), np.arange(4), indexing="ij"))
    said = np.where(rng.random(len(thing)) < right[by], truth[thing], 1 - truth[thing])
    return thing, by, said, truth, right


@pytest.mark.parametrize("seed", range(10))
def test_planted_annotators_are_found_and_the_contrary_one_is_used(seed: int) -> None:
    thing, by, said, truth, right = planted(seed)
    found = dawid_skene(thing, by, said, (400, 4, 2))
    accuracy = np.einsum("k,akk->a", found.priors, found.confusion)
    assert accuracy == pytest.approx(right, abs=0.08)
    majority = np.bincount(thing, said, 400) > 2
    assert (found.posterior.argmax(axis=1) == truth).mean() > (majority == truth).mean()


def test_a_posterior_means_what_it_says() -> None:
    """Of the answers that are given 90 % on average, 90 % are right."""
    found, truth = [], []
    for seed in range(20):
        thing, by, said, true, _ = planted(seed)
        found.append(dawid_skene(thing, by, said, (400, 4, 2)).posterior)
        truth.append(true)
    posterior, true = np.concatenate(found), np.concatenate(truth)
    assert (posterior.argmax(axis=1) == true).mean() == pytest.approx(posterior.max(axis=1).mean(), abs=0.01)


def test_weight_two_is_two_votes() -> None:
    thing, by, said, *_ = planted(1)
    of, who, what = (np.concatenate([each, each[by == 0]]) for each in (thing, by, said))
    weighed = dawid_skene(thing, by, said, (400, 4, 2), weight=np.where(by == 0, 2.0, 1.0))
    assert weighed.posterior == pytest.approx(dawid_skene(of, who, what, (400, 4, 2)).posterior, abs=1e-6)


def test_somebody_with_few_answers_is_taken_to_err_as_the_others() -> None:
    thing, by, said, truth, _ = planted(2)
    keep = by < 3
    of, who, what = (np.append(each[keep], last) for each, last in ((thing, 0), (by, 3), (said, 1 - truth[0])))
    found = dawid_skene(of, who, what, (400, 4, 2))
    others = found.confusion[:3].mean(axis=0)
    assert found.confusion[3] == pytest.approx(others, abs=0.45)
    assert np.diag(found.confusion[3]).min() > 0.3
    alone = dawid_skene(of, who, what, (400, 4, 2), smoothing=0)
    assert np.diag(alone.confusion[3]).min() < 0.05, "without it his one answer says that he is always wrong"


def test_a_thing_without_votes_has_no_posterior() -> None:
    found = dawid_skene([0, 0, 2], [0, 1, 0], [1, 1, 0], (3, 2, 2))
    assert np.isnan(found.posterior[1]).all()
    assert np.isfinite(found.posterior[[0, 2]]).all()
    assert found.priors.sum() == pytest.approx(1)


def test_no_votes_at_all() -> None:
    found = dawid_skene([], [], [], (0, 0, 3))
    assert (found.posterior.shape, found.converged, found.log_likelihood) == ((0, 3), True, 0)
    assert found.priors == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        (([0, 3], [0, 0], [0, 1]), {}, "things must be whole numbers from 0 to 2"),
        (([0, 1], [0, -1], [0, 1]), {}, "annotators must be whole numbers"),
        (([0, 1], [0, 1], [0.5, 1]), {}, "labels must be whole numbers"),
        (([0, 1], [0, 1], [float("nan"), 1]), {}, "NaN"),
        (([0, 1], [0], [0, 1]), {}, "an annotator and a label per vote"),
        (([0, 1], [0, 1], [0, 1]), {"weight": [1, 0]}, "weight above 0"),
        (([0, 1], [0, 1], [0, 1]), {"weight": [1]}, "weight above 0 per vote"),
        (([0, 1], [0, 1], [0, 1]), {"smoothing": -1}, "smoothing"),
    ],
)
def test_what_cannot_be_is_refused(
    rows: tuple[list[float], list[float], list[float]], options: dict[str, Any], message: str
) -> None:
    thing, by, said = rows
    with pytest.raises(ValueError, match=message):
        dawid_skene(thing, by, said, (3, 2, 2), **options)
