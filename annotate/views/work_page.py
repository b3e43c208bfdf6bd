"""What the annotation page shows of one assignment: no model, metadata, gold, or other people's answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone

from annotate.answers import asked_of
from annotate.kinds.controls import Option, Shown
from annotate.models import Annotation, Annotator, Assignment, Completion
from annotate.models.campaigns import version_of
from annotate.options import option
from annotate.rendering import Look, Turn, look_of, reference_turns, turns
from annotate.submitting import draft_of
from annotate.suggesting import judged, mode_of
from annotate.texts import completion_text
from annotate.views.work_form import FormQuestion, form_questions, together
from annotate.views.work_skip import flag_options, skip_options


@dataclass(frozen=True, slots=True)
class Response:
    """A completion on the screen, with the prompt it answers where that is not the item's."""

    key: str
    name: str
    turns: tuple[Turn, ...]
    prompt: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """One assignment, ready to be rendered. `revision` is set where a finished annotation is being changed."""

    assignment: Assignment
    prompt: tuple[Turn, ...]
    context: tuple[Turn, ...]
    responses: Sequence[Response]
    questions: Sequence[FormQuestion]
    message: str = ""
    revision: int | None = None
    active_seconds: float | None = None
    reference: tuple[Turn, ...] = ()
    reference_open: bool = False

    @property
    def groups(self) -> list[list[FormQuestion]]:
        """The questions with those that follow from them."""
        return together(self.questions)

    @property
    def skips(self) -> Sequence[Option]:
        """Why it may be passed over."""
        return skip_options(self.assignment.version_id, len(self.responses))

    @property
    def flags(self) -> Sequence[Option]:
        """Why the researchers may be called to it."""
        return flag_options(self.assignment.version_id)

    @property
    def suggests(self) -> str:
        """When a judge's suggestion may be seen, `before` or `after` the first answer; empty where there is none."""
        mode = mode_of(self.assignment)
        return mode if mode != "off" and judged(self.assignment) else ""

    @property
    def single(self) -> bool:
        return len(self.responses) == 1

    @property
    def lease_seconds(self) -> int:
        """How long the lease lasts from now; 0 for what is finished."""
        until = self.assignment.leased_until
        return max(0, int((until - timezone.now()).total_seconds())) if until and not self.revision else 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Why answers were refused: a message for all, and one beside each question."""

    message: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def open_work(assignment: Assignment, annotator: Annotator) -> Work:
    """A held assignment, with the annotator's draft where he left one."""
    return build_work(assignment, draft_of(assignment, annotator))


def finished_work(annotation: Annotation) -> Work:
    """A finished assignment with its answers, to be changed."""
    return build_work(
        annotation.assignment,
        annotation.answers,
        revision=annotation.revision,
        active_seconds=annotation.active_seconds,
    )


def build_work(
    assignment: Assignment,
    answers: Any,
    problem: Problem | None = None,
    revision: int | None = None,
    active_seconds: float | None = None,
) -> Work:
    item, problem = assignment.unit.item, problem or Problem()
    prefetch_related_objects([item], "completions")  # Kinds that ask for the item's texts read these.
    by_key = {completion.key: completion for completion in item.completions.all()}
    completions = [by_key[key] for key in assignment.shown]
    shown = [Shown(c.key, _name(i, len(completions)), completion_text(c)) for i, c in enumerate(completions, start=1)]
    version = version_of(assignment.version_id)
    look = look_of(version)
    return Work(
        assignment,
        turns(item.prompt, "user", look),
        turns(item.context, look=look) if item.context else (),
        [_response(c, s.name, look) for c, s in zip(completions, shown, strict=True)],
        form_questions(asked_of(assignment), answers, shown, problem.fields),
        problem.message,
        revision,
        active_seconds,
        reference_turns(item, version, look),
        option("reference", version.config) == "open",
    )


def names_of(assignment: Assignment) -> dict[str, str]:
    """The neutral name of each completion on the screen, by its key."""
    return {key: _name(place, len(assignment.shown)) for place, key in enumerate(assignment.shown, start=1)}


def _name(place: int, count: int) -> str:
    return "Response" if count == 1 else f"Response {place}"


def _response(completion: Completion, name: str, look: Look) -> Response:
    asked = turns(completion.prompt, "user", look) if completion.prompt is not None else ()
    return Response(completion.key, name, turns(completion.said, "assistant", look), asked)
