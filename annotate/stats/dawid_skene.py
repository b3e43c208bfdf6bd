"""What is true and how each annotator errs, estimated together by expectation maximisation.

Dawid and Skene, "Maximum likelihood estimation of observer error-rates using the EM algorithm", Applied Statistics 28
(1979) 20–28. An annotator has a confusion matrix P(he says l | k is true), a thing a true label drawn from the
priors, and answers are independent given the truth.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from annotate.stats.votes import Floats, Ids, numbered_rows, tally, weights_of

SMOOTHING = 1.0
MOST_ROUNDS = 500
TOLERANCE = 1e-7
TINY = 1e-12
PER_LABEL = 0.01


@dataclass(frozen=True, slots=True)
class DawidSkene:
    """`posterior` (things, labels): P(label is true); NaN for a thing without votes. `priors` (labels,).

    `confusion` (annotators, labels, labels): P(says column | row is true). `answers` (annotators,) are the votes behind
    each. `log_likelihood` is that of the votes; `converged` says whether it had stopped growing after `rounds`.
    """

    posterior: Floats
    priors: Floats
    confusion: Floats
    answers: Ids
    log_likelihood: float
    rounds: int
    converged: bool


def dawid_skene(
    thing: npt.ArrayLike,
    annotator: npt.ArrayLike,
    label: npt.ArrayLike,
    shape: tuple[int, int, int],
    weight: npt.ArrayLike | None = None,
    smoothing: float = SMOOTHING,
    rounds: int = MOST_ROUNDS,
    tolerance: float = TOLERANCE,
) -> DawidSkene:
    """The fit to votes of shape (n,), numbered from 0; `shape` is (things, annotators, labels).

    It starts from the shares of the votes, and ends when a round raises the penalised log-likelihood per vote by less
    than `tolerance`. A vote may come several times; a vote of `weight` w counts as w votes.

    `smoothing` is how many answers of an average annotator each annotator is thought to have given to every true label
    (none: maximum likelihood, as in the paper): somebody with few answers is taken to err as the others do, not as
    those few suggest. Raises ValueError for numbers out of range.
    """
    things, annotators, labels = shape
    of, by, said = _rows(thing, annotator, label, shape)
    weights = weights_of(weight, len(of))
    if smoothing < 0:
        raise ValueError("smoothing must not be negative")
    if not len(of):
        return _nothing(shape)
    votes = csr_array((weights, (of, by * labels + said)), shape=(things, annotators * labels))
    by_vote = votes.T.tocsr()
    answered = np.bincount(of, minlength=things) > 0
    posterior = _normal(tally(of, said, things, labels, weights))
    pseudo = smoothing * _pooled(by_vote @ posterior, annotators, labels)
    before, converged, done = -np.inf, False, 0
    for done in range(1, rounds + 1):  # noqa: B007
        priors = posterior[answered].mean(axis=0)
        confusion = _confusion(by_vote @ posterior, pseudo, annotators)
        posterior, fits = _expected(votes, priors, confusion)
        penalised = fits + float((pseudo * np.log(np.maximum(confusion, TINY))).sum())
        converged = penalised - before < tolerance * len(of)
        if converged:
            break
        before = penalised
    posterior[~answered] = np.nan
    return DawidSkene(posterior, priors, confusion, np.bincount(by, minlength=annotators), fits, done, converged)


def _rows(
    thing: npt.ArrayLike, annotator: npt.ArrayLike, label: npt.ArrayLike, shape: tuple[int, int, int]
) -> tuple[Ids, Ids, Ids]:
    given = (("things", thing), ("annotators", annotator), ("labels", label))
    of, by, said = (numbered_rows(name, rows, count) for (name, rows), count in zip(given, shape, strict=True))
    if not len(of) == len(by) == len(said):
        raise ValueError("there must be a thing, an annotator and a label per vote")
    return of, by, said


def _nothing(shape: tuple[int, int, int]) -> DawidSkene:
    things, annotators, labels = shape
    even = np.full(labels, 1 / max(labels, 1))
    confusion = np.tile(even, (annotators, labels, 1))
    return DawidSkene(np.full((things, labels), np.nan), even, confusion, np.zeros(annotators, np.int64), 0.0, 0, True)


def _normal(counts: Floats) -> Floats:
    """Rows that sum to 1; a row of nothing is even."""
    total = counts.sum(axis=-1, keepdims=True)
    even = np.full(counts.shape, 1 / counts.shape[-1])
    return np.asarray(np.divide(counts, total, out=even, where=total > 0), float)


def _counted(product: Floats, annotators: int) -> Floats:
    """Votes by annotator, true label and said label, from (annotator and said, true)."""
    labels = product.shape[1]
    return np.asarray(product).reshape(annotators, labels, labels).transpose(0, 2, 1)


def _pooled(product: Floats, annotators: int, labels: int) -> Floats:
    """How an average annotator answers by the shares of the votes, never quite certain, (labels, labels)."""
    return _normal(_counted(product, annotators).sum(axis=0) + PER_LABEL)


def _confusion(product: Floats, pseudo: Floats, annotators: int) -> Floats:
    return _normal(_counted(product, annotators) + pseudo)


def _expected(votes: csr_array, priors: Floats, confusion: Floats) -> tuple[Floats, float]:
    """The posterior of each thing and the log-likelihood of all."""
    annotators, labels, _ = confusion.shape
    said_given = np.log(np.maximum(confusion, TINY)).transpose(0, 2, 1).reshape(annotators * labels, labels)
    joint = np.asarray(votes @ said_given) + np.log(np.maximum(priors, TINY))
    top = joint.max(axis=1, keepdims=True)
    odds = np.exp(joint - top)
    total = odds.sum(axis=1, keepdims=True)
    answered = np.diff(votes.indptr) > 0
    return odds / total, float((top + np.log(total))[answered].sum())
