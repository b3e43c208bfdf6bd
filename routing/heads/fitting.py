"""A Bradley–Terry model on features: the weights, how strongly they are held back, and how good it is on other prompts.

P(a preferred over b) = sigmoid(w · (f(a) − f(b))) (Bradley and Terry, 1952). Ties count half for either side. The
penalty λ|w|²/2 is chosen by cross-validation over prompt groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

from annotate.stats.crossfit import by_group

Floats = npt.NDArray[np.float64]
Index = npt.NDArray[np.int_]

PENALTIES = (100.0, 30.0, 10.0, 3.0, 1.0, 0.3)
FOLDS, INNER_FOLDS = 5, 3


@dataclass(frozen=True, slots=True)
class Head:
    """Weights, shape (features,), and their penalty. `log_odds`, shape (n,), are those of each pair by the weights
    fitted without its prompt group, the penalty chosen without it too."""

    weights: Floats
    penalty: float
    log_odds: Floats


def train(differences: Floats, outcome: Floats, group: npt.ArrayLike, seed: int = 0) -> Head:
    """Fits a head to n pairs: `differences` f(a) − f(b), shape (n, features); `outcome` 1 for a, 0 for b, between for
    ties; `group`, shape (n,), names the prompt group. Raises ValueError for fewer than two groups.
    """
    folds = by_group(group, FOLDS, seed)
    if folds.max(initial=-1) < 1:
        raise ValueError("a head needs pairs of two prompt groups or more")
    # The weights lie in the span of the pairs, whose own coordinates are few where the pairs are.
    _, sizes, directions = np.linalg.svd(differences, full_matrices=False)
    directions = directions[sizes > 1e-10 * sizes.max(initial=0.0)]
    rows, groups, log_odds = differences @ directions.T, np.asarray(group), np.zeros(len(outcome))
    for fold in range(int(folds.max()) + 1):
        held, rest = folds == fold, folds != fold
        chosen = best_penalty(rows[rest], outcome[rest], groups[rest], seed)
        log_odds[held] = rows[held] @ fit(rows[rest], outcome[rest], chosen)
    penalty = best_penalty(rows, outcome, groups, seed)
    return Head(fit(rows, outcome, penalty) @ directions, penalty, log_odds)


def best_penalty(differences: Floats, outcome: Floats, group: Index, seed: int = 0) -> float:
    """The penalty with the smallest log loss on held-out prompt groups; the largest where nothing can be held out."""
    folds = by_group(group, INNER_FOLDS, seed + 1)
    losses = np.zeros(len(PENALTIES))
    for fold in range(int(folds.max(initial=0)) + 1):
        held, rest = folds == fold, folds != fold
        if not (held.any() and rest.any()):
            return PENALTIES[0]
        for place, weights in enumerate(path(differences[rest], outcome[rest], PENALTIES)):
            losses[place] += _loss(differences[held] @ weights, outcome[held])
    return PENALTIES[int(np.argmin(losses))]


def fit(differences: Floats, outcome: Floats, penalty: float) -> Floats:
    """The weights that minimise the log loss with the penalty."""
    return path(differences, outcome, [penalty])[0]


def path(differences: Floats, outcome: Floats, penalties: Sequence[float]) -> list[Floats]:
    """The weights for each penalty, each fit starting where the one before ended."""
    found = [np.zeros(differences.shape[1])]
    for penalty in penalties:
        found.append(minimize(_objective, found[-1], (differences, outcome, penalty), "L-BFGS-B", jac=True).x)
    return found[1:]


def _objective(weights: Floats, rows: Floats, outcome: Floats, penalty: float) -> tuple[float, Floats]:
    log_odds = rows @ weights
    gradient = rows.T @ (expit(log_odds) - outcome) + penalty * weights
    return _loss(log_odds, outcome) + penalty * float(weights @ weights) / 2, gradient


def _loss(log_odds: Floats, outcome: Floats) -> float:
    return float(np.sum(np.logaddexp(0, log_odds) - outcome * log_odds))
