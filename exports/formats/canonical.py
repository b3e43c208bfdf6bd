"""Everything in a campaign, without loss: the rows that an import takes."""

from collections.abc import Mapping
from typing import Any

from annotate.models import Annotation, Completion
from exports.formats.base import Format, Whole


class Canonical(Format[Whole]):
    """An import row per item with all annotations: imported where the same is asked, it gives the same campaign."""

    name = "canonical"
    title = "Everything"
    describe = "every item with all annotations, as Crosscheck imports it: for a copy, a backup or your own analysis"
    reads = "items"
    file_types = ("jsonl",)

    def row(self, read: Whole, options: Mapping[str, Any]) -> dict[str, Any]:
        item = read.item
        withdrawn = item.withdrawn_at.isoformat() if item.withdrawn_at else None
        return {
            "key": item.key,
            "prompt": item.prompt,
            "completions": [_completion(completion) for completion in item.completions.all()],
            **_given(context=item.context, reference=item.reference, tools=item.tools, points=item.points),
            **_given(metadata=item.metadata or None, gold=item.gold, withdrawn_at=withdrawn),
            "annotations": [_annotation(one, read.names[one.annotator_id]) for one in read.answered],
        }


def _completion(completion: Completion) -> dict[str, Any]:
    return {
        "key": completion.key,
        **_given(text=completion.text, messages=completion.messages, model=completion.model),
        **_given(prompt=completion.prompt, metadata=completion.metadata or None),
    }


def _annotation(annotation: Annotation, name: str) -> dict[str, Any]:
    return {
        "annotator": name,
        "kind": annotation.annotator.kind,
        "answers": annotation.answers,
        "shown": annotation.assignment.shown,
        "round": annotation.round,
        "created_at": annotation.created_at.isoformat(),
        "revision": annotation.revision,
        **_given(active_seconds=annotation.active_seconds, probabilities=annotation.probabilities),
        **_given(aids=annotation.aids, purpose=annotation.assignment.purpose or None),
    }


def _given(**fields: Any) -> dict[str, Any]:
    """The fields that hold something."""
    return {name: value for name, value in fields.items() if value is not None}
