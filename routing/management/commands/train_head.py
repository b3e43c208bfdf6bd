from typing import Any

from django.core.management.base import CommandParser

from annotate.commands import ActionCommand, campaign_named
from routing.heads.training import train_head


class Command(ActionCommand):
    help = "Trains a small reward model on what people preferred in a campaign, and adds it as a judge."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign")
        parser.add_argument("name", help="of the new judge")
        parser.add_argument("--question", default="", help="whose answers it learns; by default the most answered one")
        parser.add_argument("--organisation")

    def act(self, options: dict[str, Any]) -> None:
        campaign = campaign_named(options["campaign"], options["organisation"])
        trained = train_head(campaign, options["name"], options["question"]).config
        low, high = trained["interval"] or (0.0, 1.0)
        self.stdout.write(
            f"{options['name']} is trained on {trained['pairs']} pairs of {trained['groups']} prompts "
            f"({trained['question']}); on prompts held out it names the preferred one in {trained['accuracy']:.1%} "
            f"({low:.1%} to {high:.1%})"
        )
