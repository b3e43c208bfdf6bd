"""What a judge can answer: the views whose required questions it has a protocol for, and why not the others."""

from annotate.models import Question, View
from routing.models import Judge
from routing.protocols import JudgingProtocol, QuestionSpec, protocol


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
    chosen = chosen_protocol(judge, question)
    if chosen is None:
        return f"this judge has no protocol for {question.kind} questions"
    return chosen.supports(spec_of(question, view))


def chosen_protocol(judge: Judge, question: Question) -> JudgingProtocol | None:
    """The protocol that the judge was made with for this question, else for its kind; None where it has none."""
    chosen = judge.protocols.get(f"question:{question.name}") or judge.protocols.get(question.kind)
    return protocol(chosen["name"])(chosen["config"]) if chosen else None


def spec_of(question: Question, view: View) -> QuestionSpec:
    return QuestionSpec(question.name, question.kind, question.config, question.title, view.shows)
