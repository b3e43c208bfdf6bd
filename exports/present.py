"""An export as its card on the page shows it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from exports.form import ABOUT_CONSENSUS, ABOUT_FILE_TYPES, ABOUT_WHO
from exports.formats import formats
from exports.models import Export

LONG_QUEUED = timedelta(seconds=10)
REASONS = {
    "tie": "tied: no side has more votes",
    "both_bad": "tied, both called bad",
    "undecided": "undecided by the rule",
    "too_few_annotations": "fewer annotations than asked for",
    "withdrawn": "the item was taken out of the campaign",
    "prompts_differ": "the two completions answer different prompts",
    "same_text": "both completions are the same text",
    "chat_in_text_shape": "a chat, which the text shape cannot hold",
    "not_plain_text": "images, tool calls or other parts that are not text",
}


def present(export: Export) -> dict[str, Any]:
    """The export, and in words what it is, what was dropped, and whether it waits for a worker."""
    manifest, options = export.manifest, export.options
    queued = export.state == Export.State.QUEUED
    files = manifest.get("files") or [{}]
    reads = formats()[export.format].reads if export.format in formats() else "pairs"
    return {
        "export": export,
        "title": formats()[export.format].title if export.format in formats() else export.format,
        "file_type": ABOUT_FILE_TYPES.get(export.file_type, (export.file_type,))[0],
        "annotators": ABOUT_WHO.get(options.get("annotators", ""), ("",))[0],
        "consensus": ABOUT_CONSENSUS.get(options.get("consensus", "majority"), ("",))[0],
        "shape": manifest.get("options", options).get("shape"),
        "dropped": [(REASONS.get(reason, reason), n) for reason, n in manifest.get("dropped", {}).items()],
        "dropped_total": sum(manifest.get("dropped", {}).values()),
        "bytes": files[0].get("bytes"),
        "reads": reads,
        "count": manifest.get(reads, 0),
        "waiting": queued and export.created_at < timezone.now() - LONG_QUEUED,
    }
