"""How the protocol `spans` asks for the marks of one text."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.kinds.source import CONTEXT, PROMPT
from annotate.kinds.span import COMPLETIONS
from routing.judges.base import Structured
from routing.protocols.base import Judged, QuestionSpec
from routing.protocols.common.prompting import Ask, Prompt, guidelines, titled
from routing.protocols.fencing import material

INSTRUCTIONS = "Places in one text are to be marked with labels."
ASK = (
    "Go through {text} and mark every place that one of the labels fits. Quote each place word for word, no more of it "
    "than needed. Where the same words stand there several times, say which time you mean, 1 for the first. In the "
    "note say in a few words why the label fits{needed}."
)
WHOLE = "A label that says it is about the whole text is given with an empty quote."
REFS = "Where a label asks for references, give the numbers of the sentences in the context."
FORM = 'Reply with JSON: {{"marks": [{{{fields}}}, …]}}. An empty list says that no label fits anywhere.'
MOST = 200
MOST_OCCURRENCES = 1000
NAMES = {PROMPT: "the request", CONTEXT: "the context"}
TITLES = {PROMPT: "Request", CONTEXT: "Context"}


def targets_of(judged: Judged, question: QuestionSpec) -> list[str]:
    """The texts of the unit that are marked: of the configured ones those that the item has."""
    configured = question.config.get("targets") or [COMPLETIONS]
    keys = list(judged.keys) if COMPLETIONS in configured else []
    found = keys + [target for target in (PROMPT, CONTEXT) if target in configured and parts_of(judged, target)]
    if not found:
        raise ValueError(f"question {question.name!r} marks {', '.join(configured)}, and the item has no such text")
    return found


def parts_of(judged: Judged, target: str) -> tuple[str, ...]:
    """The exact parts of a text, in which offsets count."""
    if parts := judged.source.parts(target):
        return parts
    text = {PROMPT: judged.prompt, CONTEXT: judged.context or ""}.get(target, judged.completions.get(target, ""))
    return (text,) if text else ()


def mark_ask(judged: Judged, question: QuestionSpec, target: str) -> Ask:
    """What is asked about one text. Other texts stand beside it as far as they are its background."""
    labels = question.config["labels"]
    own = [(f"{title}, to be marked", text) for title, text in _shown(judged, target)]
    parts = [*_background(judged, target), *own]
    fields = _fields(judged, question)
    rules = [*guidelines(judged.guidelines), ("Labels", "\n".join(_line(question, label) for label in labels))]
    if severities := question.config.get("severities"):
        rules.append(("Severities, mildest first", "; ".join(severities)))
    needed = "" if question.config.get("required_note") else "; it may be empty for a label that needs none"
    hints = [WHOLE] if any(label["whole"] != "none" for label in labels) else []
    hints += [REFS] if "refs" in fields else []
    text = NAMES.get(target, "the response")
    ask = "\n".join([titled(question.title, ASK.format(text=text, needed=needed)), *hints])
    body = material(INSTRUCTIONS, parts, rules, [question.title])
    form = FORM.format(fields=", ".join(f'"{name}"' for name in fields))
    keys = () if target in NAMES else (target,)
    return Ask(keys, Prompt(body, ask, form), Structured(_schema(fields)), tuple(parts_of(judged, target)))


def _shown(judged: Judged, target: str) -> list[tuple[str, str]]:
    """The text under its title; one of several parts has each under a title of its own."""
    title, parts = TITLES.get(target, "Response"), parts_of(judged, target)
    if len(parts) > 1:
        return [(f"{title}, part {n}", part) for n, part in enumerate(parts, start=1) if part]
    return [(title, judged.completions.get(target) or "".join(parts))]


def _background(judged: Judged, target: str) -> list[tuple[str, str]]:
    if target == PROMPT:
        return []
    found = [part for part in judged.background() if part[0] != TITLES.get(target)]
    if judged.source.sentences and target != CONTEXT:
        numbered = "\n".join(f"[{name}] {text}" for name, text in judged.source.sentences.items())
        found = [(title, numbered if title == TITLES[CONTEXT] else text) for title, text in found]
    return found


def _line(question: QuestionSpec, label: Mapping[str, Any]) -> str:
    """A label, and what a mark of it needs."""
    needs = [label["hint"]] if label["hint"] else []
    needs += ["needs a note"] if label["note"] and not question.config.get("required_note") else []
    needs += ["no severity"] if question.config.get("severities") and not label["severities"] else []
    needs += {"required": ["needs references"], "optional": ["may have references"]}.get(label["refs"], [])
    needs += {"required": ["about the whole text"], "optional": ["may be about the whole text"]}.get(label["whole"], [])
    name = label["key"] if label["key"] == label["text"] else f"{label['key']} ({label['text']})"
    return f"{name}: {'; '.join(needs)}" if needs else name


def _fields(judged: Judged, question: QuestionSpec) -> dict[str, Any]:
    """The fields of a mark, in the order in which they are written: first the words, then what is said of them."""
    config = question.config
    labels: Sequence[Mapping[str, Any]] = config["labels"]
    fields: dict[str, Any] = {
        "quote": {"type": "string"},
        "occurrence": {"type": "integer", "minimum": 1, "maximum": MOST_OCCURRENCES},
        "note": {"type": "string"},
        "label": {"enum": [label["key"] for label in labels]},
    }
    if severities := config.get("severities"):
        fields["severity"] = {"enum": list(severities)}
    if judged.source.sentences and any(label["refs"] != "none" for label in labels):
        fields["refs"] = {"type": "array", "items": {"enum": list(judged.source.sentences)}}
    return fields


def _schema(fields: Mapping[str, Any]) -> dict[str, Any]:
    mark = {"type": "object", "properties": dict(fields), "required": list(fields), "additionalProperties": False}
    marks = {"type": "array", "items": mark, "maxItems": MOST}
    return {"type": "object", "properties": {"marks": marks}, "required": ["marks"], "additionalProperties": False}
