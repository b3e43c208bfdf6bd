"""The answers to a question as numbered values with the distance of its scale, whatever its kind."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from annotate.frames import Asks, Columns, Frames, Things, things_of
from annotate.frames.columns import Flags, Ids, Numbers
from annotate.frames.things import numbered
from annotate.kinds.base import Scale
from annotate.kinds.checklist import ANSWERS
from annotate.kinds.rating import scale_values
from annotate.stats import distances
from annotate.stats.distances import Metric
from annotate.stats.ratings import Ratings, ratings
from routing.reliability.figures import SIDES

MOST_VALUES = 120  # of more, kappa and AC would weigh every two of them, and alpha says as much


@dataclass(frozen=True, slots=True)
class Coded:
    """Rows (n,): who said what of which thing. `value` numbers the `values` answers that may be given, or (`listed`
    false) those that were. `weights`, (values, values), is what two answers agree, None of too many values; `weight`
    is what a row counts, and `unit` numbers what is counted: things, or the rankings that pairs are of. `say` writes a
    value as an answer."""

    asks: Asks
    rows: Columns
    thing: Ids
    unit: Ids
    value: Ids
    values: int
    listed: bool
    metric: Metric
    weights: Numbers | None
    weight: Numbers
    say: Callable[[int], str]

    def __len__(self) -> int:
        return len(self.thing)

    def where(self, chosen: Flags) -> "Coded":
        return replace(
            self,
            rows=self.rows.where(chosen),
            thing=self.thing[chosen],
            unit=self.unit[chosen],
            value=self.value[chosen],
            weight=self.weight[chosen],
        )

    @property
    def ratings(self) -> Ratings:
        return ratings(self.thing, self.value, self.rows.group, self.weight)

    @property
    def is_weighed(self) -> bool:
        """Whether some answers that differ agree in part."""
        return self.asks.scale != "nominal" and (self.values > 2 or self.asks.scale == "set")


def coded(frames: Frames, asks: Asks) -> Coded:
    """The answers to a question that is neither text nor spans."""
    if asks.scale == "set":
        return _sets(frames, asks)
    things = things_of(frames, asks.name)
    value, numbers, listed = _numbers(things)
    metric, weights = _scaled(asks.scale, numbers)
    unit, weight = things.thing, np.ones(len(things))
    if asks.scale == "ranking":
        unit, weight = things.rows.unit, _of_its_ranking(things)
    size = len(numbers)
    return Coded(
        asks, things.rows, things.thing, unit, value, size, listed, metric, weights, weight, _says(things, numbers)
    )


def _says(things: Things, numbers: Numbers) -> Callable[[int], str]:
    if things.asks.kind == "rating":
        return lambda value: f"{numbers[value]:g}"
    if things.values:
        return lambda value: things.values[value]
    return lambda value: SIDES[int(numbers[value])]


def _numbers(things: Things) -> tuple[Ids, Numbers, bool]:
    """Each row's place among the answers that may be given, and these: numbers, or codes of labels."""
    asks = things.asks
    if asks.kind == "rating":
        possible = np.union1d(np.asarray(scale_values(asks.config), float), things.value)
        return np.searchsorted(possible, things.value).astype(np.int64), possible, True
    if asks.kind in ("pairwise", "ranking"):
        ties = asks.config.get("allow_tie" if asks.kind == "pairwise" else "allow_ties", True)
        possible = np.union1d([-1.0, 1.0, *([0.0] if ties else [])], things.value)
        if asks.kind == "ranking":
            possible = np.array([-1.0, 0.0, 1.0])
        return np.searchsorted(possible, things.value).astype(np.int64), possible, True
    names = _options(asks)
    count = len({*things.values, *names})
    return things.value.astype(np.int64), np.arange(max(count, 2), dtype=float), bool(names)


def _options(asks: Asks) -> list[str]:
    """The labels that may be given, where the question lists them."""
    if asks.kind == "checklist":
        return [value for value, _ in (ANSWERS if asks.config.get("allow_na", True) else ANSWERS[:2])]
    return [option["key"] for option in asks.config.get("options", ())]


def _scaled(scale: Scale, numbers: Numbers) -> tuple[Metric, Numbers | None]:
    """The distance of alpha, and the weights of kappa and AC: identity, Gwet's ordinal, or quadratic ones."""
    size = len(numbers)
    steps = np.abs(np.subtract.outer(np.arange(size), np.arange(size))).astype(float) if size <= MOST_VALUES else None
    if scale == "ranking":
        return distances.orders, 1 - np.asarray(steps) / 2
    if scale == "ordinal":
        return distances.ordinal, None if steps is None else 1 - steps * (steps + 1) / (size * (size - 1))
    if scale == "interval":
        apart = None if steps is None else np.subtract.outer(numbers, numbers) / (numbers[-1] - numbers[0])
        return distances.interval(numbers), None if apart is None else 1 - apart**2
    return distances.nominal, None if steps is None else np.eye(size)


def _of_its_ranking(things: Things) -> Numbers:
    """A pair's share of its ranking: one by the number of its pairs."""
    _, ranking, pairs = np.unique(things.rows.annotation, return_inverse=True, return_counts=True)
    return np.asarray(1 / pairs[ranking], float)


def _sets(frames: Frames, asks: Asks) -> Coded:
    """A row per annotator and target, its value the number of the set of options."""
    labels = frames.labels(asks.name)
    answer = numbered(labels.annotation, labels.target)
    order = np.lexsort((labels.value, answer))
    first = np.flatnonzero(np.diff(answer[order], prepend=-1))
    value, members = _members(answer[order], labels.value[order], len(labels.values))
    rows = labels.where(order[first])
    thing = numbered(rows.unit, rows.target)
    few = len(members) <= MOST_VALUES
    weights = 1 - distances.apart(distances.Masi(members), len(members)) if few else None
    metric, weight = distances.sets(members), np.ones(len(rows))
    size = max(len(members), 2)

    def say(value: int) -> str:
        return " + ".join(labels.values[option] for option in np.flatnonzero(members[value]))

    return Coded(asks, rows, thing, thing, value, size, False, metric, weights, weight, say)


def _members(answer: Ids, option: Ids, options: int) -> tuple[Ids, npt.NDArray[np.bool_]]:
    """The number of each answer's set, and the sets' members; a set is known by the sum of its options' names."""
    names = np.random.default_rng(0).integers(1, 2**62, max(options, 1))
    count = int(answer.max(initial=-1)) + 1
    signature = np.zeros(count, np.int64)
    np.add.at(signature, answer, names[option])
    found, value = np.unique(signature, return_inverse=True)
    members = np.zeros((len(found), max(options, 1)), bool)
    members[value[answer], option] = True
    return value.astype(np.int64), members
