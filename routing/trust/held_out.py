"""The units on which a judge's answers can be held against people's: of the population that it answers for."""

from collections import defaultdict
from dataclasses import dataclass

from annotate.checking import check_storable
from annotate.errors import Invalid
from annotate.models import Question
from routing.models import Judge
from routing.reliability.gather import gather
from routing.reliability.table import Row
from routing.trust.stages import passed_to

REFERENCE = "the majority of people of the base design"


@dataclass(frozen=True, slots=True)
class Held:
    """A unit that judge and people have answered: how sure the judge was, and whether all of its answer agrees."""

    unit: int
    group: int
    confidence: float
    agrees: bool


def held_out(judge: Judge, question: Question) -> list[Held]:
    """The units, in their order; without those that the judge or its calibration was fitted on, and without those
    that went to people because of what a judge said. A later judge of a cascade is held against what comes to it."""
    units: dict[int, list[Row]] = defaultdict(list)
    for row, _ in gather(judge, question.name, question.kind).against("people"):
        units[row.unit].append(row)
    came = passed_to(judge)
    if came is not None:
        kept = set(came.values_list("pk", flat=True))
        units = defaultdict(list, {unit: rows for unit, rows in units.items() if unit in kept})
    return [held for unit, rows in units.items() if (held := _held(unit, rows))]


def _held(unit: int, rows: list[Row]) -> Held | None:
    """None where the judge gave no answer, or no confidence: it then passes the unit on."""
    confidence = rows[0].confidence
    if confidence is None or any(row.label is None for row in rows):
        return None
    return Held(unit, rows[0].cluster, confidence, all(row.label == row.reference("people") for row in rows))


def asked_now(judge: Judge, name: str) -> Question:
    """The question of that name in the campaign's present version; raises `Invalid` naming those that there are."""
    check_storable(name, "question")
    questions = Question.objects.filter(version=judge.campaign.current).select_related("view")
    found = questions.filter(name=name).first()
    if found is None:
        names = ", ".join(questions.values_list("name", flat=True))
        raise Invalid(f"there is no question {name!r} in this campaign", {"question": f"one of {names}"})
    return found
