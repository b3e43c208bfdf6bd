"""A rubric of the researcher's as a prompt gives it: a criterion, and what each level of it is like."""

from collections.abc import Mapping, Sequence
from typing import Any

from routing.protocols.base import QuestionSpec

TITLE = "Rubric"


def rubric(config: Mapping[str, Any], question: QuestionSpec, levels: Sequence[str] = ()) -> tuple[str, str]:
    """The rubric under its title, one line per description; `levels` names them, worst first (else 1, 2, 3 …)."""
    described = config["descriptions"]
    names = levels if len(levels) == len(described) else [str(n + 1) for n in range(len(described))]
    lines = [f"{name}: {text}" for name, text in zip(names, described, strict=True)]
    return TITLE, "\n".join([config["criterion"].strip() or question.title, *lines])


def rubric_problem(config: Mapping[str, Any], question: QuestionSpec) -> str | None:
    """Why there is no rubric to go by."""
    if config["criterion"].strip() or question.title.strip():
        return None
    return f"question {question.name!r} has no title: give the rubric's criterion in the settings"
