"""Linking two campaigns over the same items, one that rates and one that ranks: each reports on both."""

from django.db import transaction
from django.db.models import Q, QuerySet

from annotate.errors import Exists, Invalid
from annotate.frames.linked import shared
from annotate.models import Campaign
from routing.models import Link
from routing.reports import touch


def links_of(campaign: Campaign) -> QuerySet[Link]:
    """The links of a campaign, whichever of the two made them."""
    return Link.objects.filter(Q(campaign=campaign) | Q(other=campaign)).select_related("campaign", "other")


def other_of(link: Link, campaign: Campaign) -> Campaign:
    return link.other if link.campaign_id == campaign.pk else link.campaign


def link(campaign: Campaign, other: Campaign) -> Link:
    """Links the two; their reports are made anew. Raises `Invalid` where they share nothing, `Exists` where they are
    linked already."""
    if campaign == other:
        raise Invalid("a campaign is compared with itself already; name another one", {"campaign": "another campaign"})
    if campaign.organisation_id != other.organisation_id:
        raise Invalid("only campaigns of one organisation can be linked", {"campaign": "one of your organisation"})
    if not len(shared(campaign, other).ours):
        raise Invalid(
            f"{other.slug} has no completion in common with {campaign.slug}: items are matched by their keys, "
            "completions by their keys and texts",
            {"campaign": "one over the same items"},
        )
    with transaction.atomic():
        list(Campaign.objects.select_for_update().filter(pk__in=[campaign.pk, other.pk]).order_by("pk"))
        if links_of(campaign).filter(Q(campaign=other) | Q(other=other)).exists():
            raise Exists(f"{campaign.slug} and {other.slug} are linked already")
        made = Link.objects.create(campaign=campaign, other=other)
        touch(campaign)
    return made


def unlink(found: Link) -> None:
    """Takes the link back; both reports are made anew."""
    with transaction.atomic():
        touch(found.campaign)
        found.delete()
