"""The long table as rows of text, for a file."""

from collections.abc import Iterator

from routing.models import Judge
from routing.reliability.figures import in_words
from routing.reliability.gather import gather
from routing.reliability.labels import Label

COLUMNS = (
    *("item", "prompt_group", "unit", "about", "judge", "repeats", "people", "people_majority", "gold"),
    *("s1", "s2", "confidence", "longer", "fitted_on"),
)


def long_table(judge: Judge, question: str, kind: str) -> Iterator[list[str]]:
    """The head, then a row per thing judged: labels in words, several joined by a bar, nothing where there is none."""
    yield list(COLUMNS)
    for row in gather(judge, question, kind).rows:

        def said(label: Label | None, is_pair: bool = row.is_pair) -> str:
            return "" if label is None else in_words(label, is_pair)

        people = row.reference("people")
        yield [
            *(row.item, str(row.cluster), str(row.unit), " ".join(part for part in row.thing if part)),
            *(said(row.label), "|".join(map(said, row.again)), "|".join(map(said, row.people)), said(people)),
            *(said(row.gold), *(_number(each) for each in (row.s1, row.s2, row.confidence))),
            *(said(row.longer, True) if row.is_pair else "", "yes" if row.fitted else ""),
        ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"
