"""What the campaign form asks about consensus: by which rule several answers are made one, and whose count."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from annotate.kinds.entries import split_lines
from annotate.options import DEFAULTS
from annotate.views.fields import Field, problem_at, rows_for

NAMES = ("consensus", "consensus_of")
WHOSE = (("people", "people alone"), ("all", "people and judges alike"))
EQUALS = "="


def consensus_fields(spec: Mapping[str, Any], problems: dict[str, str]) -> list[Field]:
    """The fields, filled in; takes their problems out of `problems`."""
    from annotate.consensus.rules import rules  # here, since it loads numpy and scipy

    given = spec.get("consensus", {})
    text = "\n".join(f"{name} {EQUALS} {rule}" for name, rule in given.items()) if isinstance(given, Mapping) else ""
    named = [name for name in list(problems) if name.startswith("consensus.")]
    wrong = "; ".join(f"{name.removeprefix('consensus.')} {problems.pop(name)}" for name in named)
    hint = (
        f"One per line, such as: quality {EQUALS} dawid_skene. There are {', '.join(rules())}; by default ratings have "
        "their mean and all else its majority."
    )
    error = "; ".join(filter(None, (problem_at("consensus", problems), wrong)))
    whose, problem = spec.get("consensus_of", DEFAULTS["consensus_of"]), problem_at("consensus_of", problems)
    return [
        Field("consensus", "How several answers are made one", "lines", text, hint, error, rows=rows_for(text)),
        Field("consensus_of", "Votes in the consensus are those of", "select", whose, error=problem, choices=WHOSE),
    ]


def read_consensus(form: QueryDict) -> dict[str, Any]:
    """The two options as the form has them; a line without a rule is left for the definition to refuse."""
    pairs = [line.partition(EQUALS) for line in split_lines(form.get("consensus", ""))]
    return {
        "consensus": {name.strip(): rule.strip() for name, _, rule in pairs},
        "consensus_of": form.get("consensus_of", DEFAULTS["consensus_of"]),
    }
