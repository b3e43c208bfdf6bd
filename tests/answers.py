"""What hypothesis draws as answers of each kind; a kind without a strategy here answers with its examples."""

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from annotate.answers import clean_answers
from annotate.errors import Invalid
from annotate.kinds import Asked
from annotate.kinds.points import read_points
from annotate.kinds.rating import scale_values
from annotate.kinds.span import targets_of
from tests.strategies import outcome, storable_text

Answers = st.SearchStrategy[Any]


def answers_to(asked: Asked, good: Sequence[Any]) -> Answers:
    """Answers that the kind accepts, in canonical form: its good examples and whatever its strategy draws."""
    drawn = STRATEGIES.get(asked.kind)
    given = st.one_of(st.sampled_from(list(good)), drawn(asked)) if drawn else st.sampled_from(list(good))
    cleaned = given.map(lambda answer: outcome(lambda: clean_answers([asked], {asked.name: answer})))
    return cleaned.filter(lambda clean: not isinstance(clean, Invalid)).map(lambda clean: _answer(clean, asked.name))


def _answer(clean: dict[str, Any] | Invalid, name: str) -> Any:
    assert not isinstance(clean, Invalid)
    return clean[name]


def per_completion(asked: Asked, each: Answers) -> Answers:
    return st.fixed_dictionaries(dict.fromkeys(asked.keys, each))


def pairwise(asked: Asked) -> Answers:
    preferred = st.fixed_dictionaries({"preferred": st.sampled_from(asked.keys)})
    steps = len(asked.config["strengths"])
    if steps:
        strength = st.integers(1, steps)
        preferred = st.builds(lambda answer, n: {**answer, "strength": n}, preferred, strength)
    return st.one_of(preferred, st.just({"preferred": None}), st.just({"preferred": None, "both_bad": True}))


def rating(asked: Asked) -> Answers:
    return per_completion(asked, st.sampled_from(scale_values(asked.config)))


def ranking(asked: Asked) -> Answers:
    return per_completion(asked, st.integers(1, len(asked.keys) + 1))


def checklist(asked: Asked) -> Answers:
    points = asked.source.points if asked.config["points_from"] == "item" else asked.config["points"]
    keys = [point.key for point in read_points(points)]
    return per_completion(asked, st.fixed_dictionaries(dict.fromkeys(keys, st.sampled_from(["yes", "no", "na"]))))


def choice(asked: Asked) -> Answers:
    option = st.sampled_from([option["key"] for option in asked.config["options"]])
    each = st.lists(option, min_size=1, unique=True) if asked.config["multiple"] else option
    return per_completion(asked, each) if asked.config["per"] == "completion" else each


def text(asked: Asked) -> Answers:
    each = st.one_of(storable_text, st.text("a🙂\n\r\t &<>\"'", max_size=8))
    return per_completion(asked, each) if asked.config["per"] == "completion" else each


def span(asked: Asked) -> Answers:
    marks = {target: st.lists(mark(asked, target), max_size=3) for target in targets_of(asked)}
    return st.fixed_dictionaries(marks)


@st.composite
def mark(draw: st.DrawFn, asked: Asked, target: str) -> dict[str, Any]:
    label = draw(st.sampled_from(asked.config["labels"]))
    parts = asked.source.parts(target)
    part = draw(st.integers(0, len(parts) - 1))
    found: dict[str, Any] = {"label": label["key"]}
    if label["whole"] != "required":
        start = draw(st.integers(0, len(parts[part]) - 1))
        found |= {"start": start, "end": draw(st.integers(start + 1, len(parts[part])))}
        found |= {"part": part} if len(parts) > 1 else {}
    if asked.config["severities"] and label["severities"]:
        found["severity"] = draw(st.sampled_from(asked.config["severities"]))
    if label["note"] or draw(st.booleans()):
        found["note"] = draw(storable_text.filter(str.strip))
    if label["refs"] != "none" and asked.source.sentences:
        found["refs"] = draw(st.lists(st.sampled_from(list(asked.source.sentences)), min_size=1, unique=True))
    if draw(st.booleans()):
        found["attributes"] = {"seen": draw(st.integers(0, 9)), "in": {"target": target}}
    return found


STRATEGIES: dict[str, Callable[[Asked], Answers]] = {
    "pairwise": pairwise,
    "rating": rating,
    "ranking": ranking,
    "checklist": checklist,
    "choice": choice,
    "text": text,
    "span": span,
}
