from typing import Any

from django.core.management.base import CommandParser

from annotate.commands import ActionCommand, campaign_named
from annotate.models import Campaign
from annotate.records import rebuild_records


class Command(ActionCommand):
    help = "Writes the records (scores, preferences, labels, marks) anew from the annotations."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", nargs="?", help="all campaigns where left out")
        parser.add_argument("--organisation")

    def act(self, options: dict[str, Any]) -> None:
        slug = options["campaign"]
        campaigns = [campaign_named(slug, options["organisation"])] if slug else Campaign.objects.all()
        for campaign in campaigns:
            self.stdout.write(f"{campaign.slug}: {rebuild_records(campaign)} annotations")
