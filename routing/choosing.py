"""Which protocol a judge puts each question by: what is chosen for it, and what it takes where nothing is chosen."""

from collections.abc import Mapping
from typing import Any

from annotate.errors import Invalid
from annotate.kinds import kinds
from annotate.models import Campaign
from routing.judges import ConfigError, FreeText, Labels, Likelihood, Provider, Reward, Structured, UnknownName
from routing.judges.base import Want
from routing.protocols import JudgingProtocol, QuestionSpec, protocol, protocols_for
from routing.scope import spec_of

PREFIX = "question:"
WANTS: dict[type[Want], str] = {
    Labels: "one of several labels",
    Structured: "JSON of a given form",
    FreeText: "free text",
    Likelihood: "the likelihood of a text",
    Reward: "a reward",
}
Chosen = dict[str, Any]
Model = Provider | type[Provider]


def questions_of(campaign: Campaign) -> list[QuestionSpec]:
    """What the campaign asks now, view by view."""
    rows = campaign.current.questions.select_related("view").order_by("view_id", "pk")
    return [spec_of(question, question.view) for question in rows]


def unfit(found: type[JudgingProtocol], model: Model) -> str | None:
    """Why a protocol cannot be used with a provider; None where it can."""
    lacking = sorted(WANTS[want] for want in found.needs - model.gives)
    return f"{found.name} needs {' and '.join(lacking)}, which {model.name} cannot give" if lacking else None


def fitting(kind: str, model: Model) -> dict[str, type[JudgingProtocol]]:
    """The protocols of a kind that a provider can serve, by name; the one named like the kind comes first."""
    found = {name: each for name, each in protocols_for(kind).items() if not unfit(each, model)}
    return dict(sorted(found.items(), key=lambda pair: (pair[0] != kind, pair[0])))


def refusal(found: type[JudgingProtocol], question: QuestionSpec) -> str | None:
    """Why a protocol cannot judge a question as it comes, without settings; None where it can."""
    try:
        return found().supports(question)
    except ConfigError as error:
        return str(error)


def default_protocols(campaign: Campaign, model: Model) -> dict[str, Chosen]:
    """The protocol of each kind: the one named like it where the provider meets its needs, else the first that does
    and can judge a question of the campaign. A question that this one cannot judge gets the first that can.
    """
    questions, chosen = questions_of(campaign), dict[str, Chosen]()
    for kind in kinds():
        asked = [question for question in questions if question.kind == kind]
        usual = _usual(kind, asked, model)
        if usual:
            chosen[kind] = _entry(usual)
        for question in asked:
            other = first_able(question, model)
            if usual and other and refusal(usual, question):
                chosen[PREFIX + question.name] = _entry(other)
    return chosen


def _usual(kind: str, asked: list[QuestionSpec], model: Model) -> type[JudgingProtocol] | None:
    for found in fitting(kind, model).values():
        if found.name == kind or not asked or any(refusal(found, question) is None for question in asked):
            return found
    return None


def first_able(question: QuestionSpec, model: Model) -> type[JudgingProtocol] | None:
    """The first protocol that can judge the question as it comes."""
    able = (found for found in fitting(question.kind, model).values() if refusal(found, question) is None)
    return next(able, None)


def _entry(found: type[JudgingProtocol], config: Mapping[str, Any] | None = None) -> Chosen:
    return {"name": found.name, "version": found.version, "config": dict(config or {})}


def choose(campaign: Campaign, model: Model, given: Any) -> dict[str, Chosen]:
    """The protocols that `given` names, over the default ones; a kind or question given as null is left out.

    Raises `Invalid`.
    """
    if not isinstance(given, Mapping):
        raise _invalid("protocols", "must be an object {kind or question:<name>: {name, config}}")
    chosen = default_protocols(campaign, model)
    asked = {PREFIX + question.name: question for question in questions_of(campaign)}
    for key, wanted in given.items():
        question = asked.get(key)
        if question is None and key not in kinds():
            known = ", ".join([*kinds(), *asked])
            raise _invalid(f"protocols.{key}", f"there is no such kind or question here; known are {known}")
        if wanted is not None:
            chosen[key] = _checked(key, question.kind if question else key, question, model, wanted)
    for key in (key for key, wanted in given.items() if wanted is None):
        chosen = _without(key, chosen, asked)
    return chosen


def _without(key: str, chosen: Mapping[str, Chosen], asked: Mapping[str, QuestionSpec]) -> dict[str, Chosen]:
    """Where a question is left out, the others of its kind keep their protocol, each under its own name."""
    left = {other: entry for other, entry in chosen.items() if other != key}
    if key in asked and (usual := left.pop(asked[key].kind, None)):
        for other, question in asked.items():
            if question.kind == asked[key].kind and other != key:
                left.setdefault(other, usual)
    return left


def _checked(key: str, kind: str, question: QuestionSpec | None, model: Model, wanted: Any) -> Chosen:
    """A chosen protocol, known to fit the provider and the question."""
    where = f"protocols.{key}"
    if not isinstance(wanted, Mapping) or set(wanted) - {"name", "config", "version"}:
        raise _invalid(where, "must be an object {name, config}")
    config = wanted.get("config") or {}
    if not isinstance(config, Mapping):
        raise _invalid(f"{where}.config", "must be an object")
    try:
        found = protocol(str(wanted.get("name", "")))
        made = found(config)
    except UnknownName as error:
        raise _invalid(f"{where}.name", str(error)) from error
    except ConfigError as error:
        raise _invalid(f"{where}.config", str(error)) from error
    problem = None if found.kind == kind else f"{found.name} judges {found.kind} questions, not {kind} ones"
    problem = problem or unfit(found, model)
    if not problem and question:
        problem = made.supports(question)
    if problem:
        raise _invalid(f"{where}.name", problem)
    return _entry(found, config)


def _invalid(field: str, problem: str) -> Invalid:
    return Invalid(f"{field}: {problem}", {field: problem})
