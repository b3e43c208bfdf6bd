"""The anaesthetic data of Dawid and Skene (1979), table 1: fitness from 1 to 4 of 45 patients by five observers.

A line has observer 1's three assessments, then those of observers 2 to 5.
"""

import numpy as np
import numpy.typing as npt

OBSERVER = (0, 0, 0, 1, 2, 3, 4)
PATIENTS = """
    1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 2223343 1111111 2223212
    1211111 1112111 1111111 1111111 2222221 2221322 2222222 2222221 2223222 2212222 1111111 1111111 2322222 1111111
    1111111 1121121 1111111 3333233 1111111 2222222 2223232 4334343 2212232 2323233 3333432 1111111 1111111 1212111
    2322222 1211111 2222222
"""


def votes() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Patient, observer and fitness, numbered from 0, a row per assessment."""
    rows = [(p, OBSERVER[n], int(said) - 1) for p, line in enumerate(PATIENTS.split()) for n, said in enumerate(line)]
    patient, observer, fitness = np.array(rows).T
    return patient, observer, fitness
