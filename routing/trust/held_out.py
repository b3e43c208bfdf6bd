"""The units on which a judge's answers can be held against people's: of the population that it answers for."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Max, Q

from annotate.checking import check_storable
from annotate.errors import Invalid
from annotate.models import Annotation, Annotator, Question
from routing.models import Judge, Verdict
from routing.reliability.gather import gather
from routing.reliability.table import Row
from routing.trust.population import looks, versions_alike
from routing.trust.stages import passed_to

REFERENCE = "the majority of people of the base design; where there is none, an answer counts as a disagreement"


@dataclass(frozen=True, slots=True)
class Held:
    """A unit that judge and people have answered: how sure the judge was, and whether all of its answer agrees."""

    unit: int
    group: int
    confidence: float
    agrees: bool


def held_out(judge: Judge, question: Question) -> list[Held]:
    """The units, in their order; without those that the judge or its calibration was fitted on, and without those
    that went to people because of what a judge said. A later judge of a cascade is held against what comes to it.

    All labels of a unit are of versions that ask the question as it is asked now, and, of a judge that was suspended
    for it, newer than that.
    """
    units: dict[int, list[Row]] = defaultdict(list)
    for row in gather(judge, question.name, question.kind).rows:
        if row.people and not row.fitted:
            units[row.unit].append(row)
    came = passed_to(judge)
    kept = units.keys() if came is None else set(came.values_list("pk", flat=True))
    stale = _stale(judge, question)
    return [held for unit, rows in units.items() if unit in kept - stale and (held := _held(unit, rows))]


def _stale(judge: Judge, question: Question) -> set[int]:
    """The units with an answer, of people or the judge, to another question or from before the last suspension."""
    alike = list(versions_alike(question))
    people = Annotation.objects.filter(
        campaign=judge.campaign,
        annotator__kind=Annotator.Kind.HUMAN,
        round=0,
        assignment__slot__isnull=False,
        assignment__purpose="",
    )
    old = ~Q(assignment__version__in=alike)
    if suspended := looks(judge, question.name).aggregate(last=Max("suspended_at"))["last"]:
        old |= Q(created_at__lte=suspended)
    judged = Verdict.objects.filter(judge=judge, question=question.name, assignment__round=0)
    by_judge = judged.exclude(assignment__version__in=alike).values_list("assignment__unit", flat=True)
    return {*people.filter(old).values_list("unit", flat=True), *by_judge}


def _held(unit: int, rows: list[Row]) -> Held | None:
    """None where the judge gave no answer, or no confidence: it then passes the unit on.

    Where people have no majority the judge cannot agree with it: it answered, so that counts against it.
    """
    confidence = rows[0].confidence
    if confidence is None or any(row.label is None for row in rows):
        return None
    return Held(unit, rows[0].cluster, confidence, all(row.label == row.reference("people") for row in rows))


def asked_now(judge: Judge, name: str) -> Question:
    """The question of that name in the campaign's present version; raises `Invalid` naming those that there are."""
    check_storable(name, "question")
    questions = Question.objects.filter(version=judge.campaign.current).select_related("view", "version")
    found = questions.filter(name=name).first()
    if found is None:
        names = ", ".join(questions.values_list("name", flat=True))
        raise Invalid(f"there is no question {name!r} in this campaign", {"question": f"one of {names}"})
    return found
