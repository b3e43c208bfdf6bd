"""All that a campaign holds, for comparing one with its copy."""

from pathlib import Path
from typing import Any

from annotate.campaigns import create_campaign
from annotate.models import Annotation, Assignment, Campaign, User
from exports.models import Export
from tests.factories import import_file

ITEM = ("key", "digest", "prompt", "context", "reference", "tools", "points", "metadata", "gold", "withdrawn_at")
COMPLETION = ("key", "position", "text", "messages", "model", "prompt", "metadata", "names_model")


def contents(campaign: Campaign) -> dict[str, Any]:
    """Items, completions, annotations and assignments, without ids."""
    items = campaign.items.order_by("pk").prefetch_related("completions")
    rows = Annotation.objects.filter(campaign=campaign).select_related("annotator", "assignment", "unit__item")
    return {
        "items": [[getattr(item, name) for name in ITEM] for item in items],
        "completions": [[getattr(c, name) for name in COMPLETION] for item in items for c in item.completions.all()],
        "annotations": sorted(
            (
                (
                    *(one.unit.item.key, one.unit.keys, one.assignment.shown, one.round, one.answers, one.revision),
                    *(one.annotator.name, one.annotator.kind, one.created_at, one.active_seconds, one.aids),
                    one.probabilities,
                    one.assignment.purpose,
                )
                for one in rows
            ),
            key=str,
        ),
        "assignments": sorted(
            Assignment.objects.filter(campaign=campaign).values_list(
                "unit__item__key", "unit__keys", "state", "slot", "purpose"
            ),
            key=str,
        ),
    }


def copied(export: Export, user: User, slug: str = "copy") -> Campaign:
    """A campaign made from nothing but an export."""
    campaign = create_campaign(user, {**export.manifest["definition"], "slug": slug})
    job = import_file(campaign, Path(export.path))
    assert (job.rejected, job.done) == (0, export.manifest["rows"]), list(job.errors.values())
    return campaign
