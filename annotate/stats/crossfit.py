"""Calibrated probabilities of rows that the calibration has not seen, so that figures before and after are honest."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotate.stats.calibration import checked
from annotate.stats.intervals import Floats
from annotate.stats.scaling import Scaling, fit, signs, tie_band


@dataclass(frozen=True, slots=True)
class Crossfit:
    """Per row, shape (n,): its fold, its probability by the scaling of the other folds, and its side (+1, 0 tie, −1).

    `scalings` and `bands` are those fitted without each fold; `why` lists what they had to say.
    """

    fold: npt.NDArray[np.int_]
    probability: Floats
    side: npt.NDArray[np.int_]
    scalings: tuple[Scaling, ...]
    bands: tuple[float, ...]
    why: tuple[str, ...]


def crossfit(
    probability: npt.ArrayLike,
    outcome: npt.ArrayLike,
    cluster: npt.ArrayLike,
    folds: int = 5,
    offset: bool = True,
    ties: bool = False,
    seed: int = 0,
) -> Crossfit:
    """Fit on all folds but one, apply to that one, in turn; a prompt group, `cluster`, is in one fold only.

    There are as many folds as groups at most. Fewer than two groups cannot be split: the probabilities come back as
    they are. `ties` fits a tie band too, on the calibrated probabilities and the share of ½ among the outcomes of the
    same folds. Raises ValueError as `annotate.stats.scaling.fit` does, and for `folds` below 2.
    """
    p, y = checked(probability, outcome)
    fold = by_group(cluster, folds, seed)
    if fold.shape != p.shape:
        raise ValueError("there must be one cluster per row")
    found, side = p.copy(), signs(p)
    count = int(fold.max(initial=-1)) + 1
    if count < 2:
        return Crossfit(fold, found, side, (), (), ("there are fewer than two groups: nothing is held out",))
    scalings, bands = [], []
    for held in range(count):
        out, rest = fold == held, fold != held
        scaling = fit(p[rest], y[rest], offset)
        band = tie_band(scaling.apply(p[rest]), float(np.mean(y[rest] == 0.5))) if ties else 0.0
        found[out] = scaling.apply(p[out])
        side[out] = signs(found[out], band)
        scalings.append(scaling)
        bands.append(band)
    why = tuple(sorted({scaling.why for scaling in scalings} - {""}))
    return Crossfit(fold, found, side, tuple(scalings), tuple(bands), why)


def by_group(cluster: npt.ArrayLike, folds: int, seed: int = 0) -> npt.NDArray[np.int_]:
    """The fold of each row, from 0: groups are shuffled and dealt out in turn."""
    if folds < 2:
        raise ValueError(f"folds is {folds}; a split needs at least 2")
    names, index = np.unique(np.asarray(cluster), return_inverse=True)
    dealt = np.random.default_rng(seed).permutation(len(names)) % folds
    return np.asarray(dealt[index], int)
