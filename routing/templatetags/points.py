"""What pages say of checklists that are generated."""

from django import template

from annotate.item_points import generated_checklists
from annotate.models import Campaign, Unit
from routing.models import Proposal

register = template.Library()


@register.simple_tag
def generated_points(campaign: Campaign) -> dict[str, int] | None:
    """How many items wait for their points and how many proposals for a researcher; None where none are generated."""
    if not generated_checklists(campaign).exists():
        return None
    items = campaign.items.filter(units__waits=Unit.Waits.POINTS).distinct()
    return {"waiting": items.count(), "proposed": campaign.proposals.filter(state=Proposal.State.PROPOSED).count()}
