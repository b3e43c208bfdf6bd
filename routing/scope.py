"""What a judge can answer: the views whose required questions it has a protocol for, and why not the others."""

from annotate.models import Question, View
from routing.models import Judge
from routing.protocols import QuestionSpec, protocol


def answerable_views(judge: Judge) -> tuple[list[View], dict[str, str]]:
    """The views whose required questions the judge can answer, and why not the others."""
    views, skipped = [], {}
    for view, problems in view_problems(judge):
        if problems:
            skipped[view.name] = problems
        else:
            views.append(view)
    return views, skipped


def view_problems(judge: Judge) -> list[tuple[View, str]]:
    """Every view that the campaign asks now, with what keeps the judge from answering it, or an empty text."""
    found = []
    for view in judge.campaign.views.all():
        questions = list(view.questions.filter(version=judge.campaign.current))
        problems = {question: unsupported(judge, question, view) for question in questions}
        if questions:
            found.append((view, _summary(problems)))
    return found


def _summary(problems: dict[Question, str | None]) -> str:
    blocking = [f"{q.name}: {problem}" for q, problem in problems.items() if problem and q.required]
    if not blocking and all(problems.values()):
        return "no question it can answer"
    return "; ".join(blocking)


def unsupported(judge: Judge, question: Question, view: View) -> str | None:
    """Why the judge cannot answer a question; None where it can."""
    chosen = judge.protocols.get(question.kind)
    if chosen is None:
        return f"there is no judging protocol for {question.kind} questions"
    return protocol(chosen["name"])(chosen["config"]).supports(spec_of(question, view))


def spec_of(question: Question, view: View) -> QuestionSpec:
    return QuestionSpec(question.name, question.kind, question.config, question.title, view.shows)
