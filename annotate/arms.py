"""Does answering a checklist first make people agree more? The experiment of TICK (Cook et al. 2024, arXiv 2410.03608).

In a view with a checklist and a rating, the answers of arm `with` are given to both, those of arm `without` to the
rating alone. The arm belongs to the slot, not to the person, and is drawn by the prompt: whoever meets a prompt's
checklist would have it in mind at the next response to that prompt.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from annotate.definition import QuestionSpec

WITH, WITHOUT = "with", "without"
LEAST_OVERLAP = 2
TWO_ARMS = 4
"""From so many answers a unit has both arms, each with two people or more; below, all its slots are in one arm."""
RATED = ("rating", "pairwise", "ranking", "choice")


class Named(Protocol):
    """A question, as a row or as it was defined."""

    @property
    def name(self) -> str: ...

    @property
    def when(self) -> Mapping[str, Any] | None: ...


Q = TypeVar("Q", bound=Named)


def arm_of_slot(digest: str, view: str, slot: int, overlap: int) -> str:
    """The arm of a slot of a unit; `digest` is the prompt's.

    Slots come in twos that show the two orders of the sides, so both arms have both. Of four slots two are in each
    arm; which two, and the arm of units with fewer, is drawn by the prompt and the view.
    """
    turned = hashlib.sha256(f"{view} {digest}".encode()).digest()[0] % 2 == 1
    if overlap < TWO_ARMS:
        first = True
    else:
        place = slot % TWO_ARMS
        first = place < 2 if slot < overlap - overlap % TWO_ARMS else place % 2 == 0
    return WITHOUT if first == turned else WITH


def questions_in(questions: Sequence[Q], arms: Mapping[str, str] | None, arm: str) -> Sequence[Q]:
    """The questions of a view, in their order, that an assignment of this arm asks: without the checklist and what
    follows from it in arm `without`, all of them otherwise."""
    if arm != WITHOUT or not arms:
        return questions
    left_out = following(questions, arms["checklist"])
    return tuple(question for question in questions if question.name not in left_out)


def following(questions: Iterable[Named], first: str) -> set[str]:
    """The question `first`, and those whose condition leads back to it."""
    found = {first}
    for question in questions:
        if question.when and question.when["question"] in found:
            found.add(question.name)
    return found


def arm_of_answers(arms: Mapping[str, str] | None, view_questions: Iterable[Named], answers: Mapping[str, Any]) -> str:
    """The arm in which a person's answers to the questions of a view were given elsewhere: the checklist tells."""
    if not arms or all(question.name != arms["checklist"] for question in view_questions):
        return ""
    return WITH if arms["checklist"] in answers else WITHOUT


def arms_problems(arms: Mapping[str, str], overlap: int, questions: Sequence["QuestionSpec"]) -> dict[str, str]:
    """What is wrong with the option `arms` in this campaign, by field."""
    places = {question.name: place for place, question in enumerate(questions)}
    problems = {
        f"arms.{role}": f"there is no question {name}; there are {', '.join(places)}"
        for role, name in arms.items()
        if name not in places
    }
    if overlap < LEAST_OVERLAP:
        problems["arms"] = f"needs an overlap of {LEAST_OVERLAP} or more: each arm's figure is how much people agree"
    if any(field != "arms" for field in problems):
        return problems
    checklist, rating = (questions[places[arms[role]]] for role in ("checklist", "rating"))
    return problems | (_checklist_problem(checklist) or _rating_problem(questions, checklist, rating))


def _checklist_problem(checklist: "QuestionSpec") -> dict[str, str]:
    if checklist.kind != "checklist":
        return {"arms.checklist": f"{checklist.name} must be a checklist; it is a {checklist.kind} question"}
    if checklist.when is not None or not checklist.required:
        return {"arms.checklist": f"{checklist.name} must be required, without a condition: one arm is asked it always"}
    return {}


def _rating_problem(
    questions: Sequence["QuestionSpec"], checklist: "QuestionSpec", rating: "QuestionSpec"
) -> dict[str, str]:
    if rating.kind not in RATED:
        return {"arms.rating": f"{rating.name} must be {', '.join(RATED[:-1])} or {RATED[-1]}; it is {rating.kind}"}
    if rating.view != checklist.view:
        return {"arms.rating": f"{rating.name} must be asked in the view of {checklist.name}, {checklist.view}"}
    if questions.index(rating) < questions.index(checklist):
        return {"arms.rating": f"{rating.name} must come after {checklist.name}"}
    if rating.name in following(questions, checklist.name):
        return {"arms.rating": f"{rating.name} follows from {checklist.name}, so that nobody would be asked it alone"}
    return {}
