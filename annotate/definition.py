"""Reads what a researcher asks for (a campaign's definition as JSON) and says exactly what is wrong with it."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotate.arms import arms_problems
from annotate.checking import check_storable
from annotate.errors import Invalid
from annotate.keys import question_problem
from annotate.kinds import kind
from annotate.options import CHECKS, parse_options

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
KEYS = {"slug", "name", "guidelines", "questions", "views", "overlap", "lease_minutes", "spacing", "judges", *CHECKS}
QUESTION_KEYS = {"name", "kind", "title", "config", "required", "shows", "view", "when"}
VIEW_KEYS = {"name", "shows", "pairs"}
SHOWS = ("each", "pair", "all")
MOST_OVERLAP = 100


@dataclass(frozen=True, slots=True)
class ViewSpec:
    name: str
    shows: str
    pairs: int | None = None


@dataclass(frozen=True, slots=True)
class QuestionSpec:
    name: str
    kind: str
    view: str
    title: str = ""
    config: dict[str, Any] = field(default_factory=dict)
    required: bool = True
    when: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """A checked definition. `lease_minutes` bounds one lease; `spacing` keeps one prompt group's units apart;
    `options` are those of `annotate.options` that were given."""

    guidelines: str
    overlap: int
    views: tuple[ViewSpec, ...]
    questions: tuple[QuestionSpec, ...]
    lease_minutes: float = 30
    spacing: int = 5
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def config(self) -> dict[str, Any]:
        return {"lease_minutes": self.lease_minutes, "spacing": self.spacing, **self.options}


def parse_definition(spec: Mapping[str, Any]) -> Definition:
    """The definition in `spec`. Raises `Invalid` with a message for every field that is wrong."""
    check_storable(spec, "")
    problems: dict[str, str] = {}
    known(spec, KEYS, "", problems)
    guidelines = spec.get("guidelines", "")
    if not isinstance(guidelines, str):
        problems["guidelines"] = "must be a text"
    views = _views(spec.get("views", []), problems)
    questions = _questions(spec.get("questions"), views, problems)
    definition = Definition(
        guidelines if isinstance(guidelines, str) else "",
        _whole(spec, "overlap", 1, 0, MOST_OVERLAP, problems),
        tuple(view for view in views.values() if any(q.view == view.name for q in questions)),
        tuple(questions),
        _number(spec, "lease_minutes", 30, 0.1, 24 * 60, problems),
        _whole(spec, "spacing", 5, 0, 100, problems),
        parse_options(spec, problems),
    )
    problems.update(rule_problems(definition.options.get("consensus", {}), definition.questions))
    if arms := definition.options.get("arms"):
        problems.update(arms_problems(arms, definition.overlap, definition.questions))
    if problems:
        raise Invalid("; ".join(f"{name}: {problem}" for name, problem in problems.items()), problems)
    return definition


def rule_problems(rules: Mapping[str, str], questions: Sequence[QuestionSpec]) -> dict[str, str]:
    """What is wrong with the consensus rules named for questions, by field."""
    from annotate.consensus.rules import rules_for  # here, since it loads numpy and scipy

    problems, asked = {}, {question.name: question for question in questions}
    for name, rule in rules.items():
        if name not in asked:
            problems[f"consensus.{name}"] = f"is no question; there are {', '.join(asked)}"
            continue
        fitting = rules_for(kind(asked[name].kind).scale(asked[name].config))
        if rule not in fitting:
            right = f"must be {' or '.join(fitting)}" if fitting else f"{asked[name].kind} answers have no consensus"
            problems[f"consensus.{name}"] = right
    return problems


def known(given: Mapping[str, Any], allowed: set[str], where: str, problems: dict[str, str]) -> None:
    """Notes every key that does not belong, with the nearest that does."""
    for key in given:
        if key not in allowed:
            near = difflib.get_close_matches(str(key), allowed, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(allowed))}"
            problems[f"{where}{key}"] = f"is not known; {hint}"


def _views(given: Any, problems: dict[str, str]) -> dict[str, ViewSpec]:
    if not isinstance(given, list):
        problems["views"] = "must be a list of {name, shows}"
        return {}
    views: dict[str, ViewSpec] = {}
    for i, view in enumerate(given):
        where = f"views[{i}]."
        if not isinstance(view, Mapping):
            problems[f"views[{i}]"] = "must be an object {name, shows}"
            continue
        known(view, VIEW_KEYS, where, problems)
        name = _name(view.get("name"), where + "name", views, problems)
        shows = _one_of(view.get("shows"), SHOWS, where + "shows", problems)
        pairs = view.get("pairs")
        if pairs is not None and (shows != "pair" or type(pairs) is not int or not 1 <= pairs <= 1000):
            problems[where + "pairs"] = "must be a whole number from 1, and only where shows is pair"
            pairs = None
        views[name] = ViewSpec(name, shows, pairs)
    return views


def _questions(given: Any, views: dict[str, ViewSpec], problems: dict[str, str]) -> list[QuestionSpec]:
    if not isinstance(given, list) or not given:
        problems["questions"] = "must be a list of at least one {name, kind, shows, config}"
        return []
    questions: dict[str, QuestionSpec] = {}
    declared = tuple(views)
    for i, question in enumerate(given):
        if not isinstance(question, Mapping):
            problems[f"questions[{i}]"] = "must be an object {name, kind, shows, config}"
            continue
        spec = _question(question, f"questions[{i}].", views, questions, problems)
        questions[spec.name] = spec
        undeclared = spec.view == question.get("view") and spec.view not in declared
        if undeclared and (near := difflib.get_close_matches(spec.view, declared, n=1, cutoff=0.7)):
            problems[f"questions[{i}].view"] = f"is not among the views; name it there, or did you mean {near[0]}?"
    return list(questions.values())


def _question(
    given: Mapping[str, Any],
    where: str,
    views: dict[str, ViewSpec],
    earlier: dict[str, QuestionSpec],
    problems: dict[str, str],
) -> QuestionSpec:
    known(given, QUESTION_KEYS, where, problems)
    name = _name(given.get("name"), where + "name", earlier, problems)
    view = _view_of(given, where, views, problems)
    kind_name, config = _kind(given, where, view.shows, problems)
    title = given.get("title", "")
    if not isinstance(title, str) or len(title) > 500:
        problems[where + "title"] = "must be a text of at most 500 characters"
        title = ""
    required = given.get("required", True)
    if not isinstance(required, bool):
        problems[where + "required"] = "must be true or false"
    when = _when(given.get("when"), where, view, earlier, problems)
    return QuestionSpec(name, kind_name, view.name, title, config, required is not False, when)


def _view_of(given: Mapping[str, Any], where: str, views: dict[str, ViewSpec], problems: dict[str, str]) -> ViewSpec:
    """The view that the question names; by default the one called as what it shows."""
    name = given.get("view")
    if name is None:
        name = _one_of(given.get("shows", "all"), SHOWS, where + "shows", problems)
    name = _name(name, where + "view", {}, problems)
    if name not in views:
        views[name] = ViewSpec(name, _one_of(given.get("shows", "all"), SHOWS, where + "shows", problems))
    view = views[name]
    if given.get("shows", view.shows) != view.shows:
        problems.setdefault(where + "shows", f"the view {name} shows {view.shows}")
    return view


def _kind(given: Mapping[str, Any], where: str, shows: str, problems: dict[str, str]) -> tuple[str, dict[str, Any]]:
    name, config = given.get("kind"), given.get("config", {})
    try:
        found = kind(name if isinstance(name, str) else "")
    except Invalid as error:
        problems[where + "kind"] = error.message
        return "", {}
    if shows not in found.shows:
        problems[where + "shows"] = f"a {found.name} question can show {' or '.join(sorted(found.shows))}"
    if not isinstance(config, Mapping):
        problems[where + "config"] = "must be an object"
        return found.name, {}
    known(config, set(found.config_keys), where + "config.", problems)
    try:
        clean = found.clean_config(config)
    except Invalid as error:
        problems.update({where + field: error.message for field in error.fields or {"config": ""}})
        return found.name, {}
    keys = found.keys(clean, 1 if shows == "each" else 2)
    clash = question_problem(str(given.get("name", "")), clean, keys)
    problems.update({where + path: problem for path, problem in clash.items()})
    return found.name, clean


def _when(
    given: Any, where: str, view: ViewSpec, earlier: dict[str, QuestionSpec], problems: dict[str, str]
) -> dict[str, Any] | None:
    if given is None:
        return None
    names = [q.name for q in earlier.values() if q.view == view.name]
    shaped = isinstance(given, Mapping) and (
        set(given) == {"question", "equals"} or (set(given) == {"question", "answered"} and given["answered"] is True)
    )
    if not shaped or given["question"] not in names:
        problems[where + "when"] = (
            'must be {"question": name, "equals": answer} or {"question": name, "answered": true}'
            f" with an earlier question of the same view ({', '.join(names) or 'there is none'})"
        )
        return None
    asked = earlier[given["question"]]
    if "equals" not in given or not asked.kind:
        return dict(given)
    try:
        return {"question": asked.name, "equals": kind(asked.kind).clean_condition(asked.config, given["equals"])}
    except Invalid as error:
        problems[where + "when"] = f"equals: {error.message}"
        return None


def _name(value: Any, where: str, taken: Mapping[str, Any], problems: dict[str, str]) -> str:
    if not isinstance(value, str) or not NAME.fullmatch(value):
        problems[where] = "must be lower-case letters, digits, _ or -, 80 at most, such as overall"
        return f"{where} {len(taken)}"
    if value in taken:
        problems[where] = f"{value} is used twice"
    return value


def _one_of(value: Any, allowed: tuple[str, ...], where: str, problems: dict[str, str]) -> str:
    if value not in allowed:
        problems[where] = f"must be {', '.join(allowed[:-1])} or {allowed[-1]}"
        return allowed[-1]
    return str(value)


def _whole(spec: Mapping[str, Any], name: str, default: int, low: int, high: int, problems: dict[str, str]) -> int:
    value = spec.get(name, default)
    if type(value) is not int or not low <= value <= high:
        problems[name] = f"must be a whole number from {low} to {high}"
        return default
    return value


def _number(
    spec: Mapping[str, Any], name: str, default: float, low: float, high: float, problems: dict[str, str]
) -> float:
    value = spec.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        problems[name] = f"must be a number from {low} to {high}"
        return default
    return value
