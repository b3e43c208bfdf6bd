"""Which of many tests are discoveries, with the false discovery rate under control.

Benjamini and Hochberg, *Controlling the false discovery rate* (1995): of m p-values in order, p_(1) ≤ … ≤ p_(m), the
first k are discoveries, k being the largest i with p_(i) ≤ i q / m. Among what is called a discovery the expected
share of errors is then at most q, for independent tests and for those that depend positively on each other.
"""

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def benjamini_hochberg(p: npt.ArrayLike, q: float = 0.05) -> Flags:
    """Whether each of the p-values, shape (m,), is a discovery at the rate q. Raises ValueError as `adjusted` does."""
    if not 0 < q < 1:
        raise ValueError(f"the false discovery rate must lie between 0 and 1, not {q}")
    return adjusted(p) <= q


def adjusted(p: npt.ArrayLike) -> Floats:
    """The smallest rate at which each test is a discovery: min over j ≥ i of m p_(j) / j, at most 1; shape (m,).

    Raises ValueError for what is not a list of numbers between 0 and 1; a test that could not be made is left out by
    the caller.
    """
    values = np.asarray(p, float)
    if values.ndim != 1 or not ((values >= 0) & (values <= 1)).all():
        raise ValueError("p-values must be a list of numbers between 0 and 1; leave out tests that could not be made")
    m, order = len(values), np.argsort(values, kind="stable")
    scaled = values[order] * m / np.arange(1, m + 1)
    found = np.empty(m)
    found[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return found
