from typing import Any

from django.core.management.base import CommandParser

from annotate import jobs
from annotate.commands import ActionCommand, campaign_named, follow
from annotate.errors import NotFound
from routing.judging import run_judge, start_run
from routing.models import JudgeRun


class Command(ActionCommand):
    help = "Runs a judge of the campaign over what it has not answered yet, in this process."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign")
        parser.add_argument("judge", help="its name")
        parser.add_argument("--organisation")

    def act(self, options: dict[str, Any]) -> None:
        campaign = campaign_named(options["campaign"], options["organisation"])
        judge = campaign.judges.filter(annotator__name=options["judge"]).select_related("annotator", "campaign").first()
        if judge is None:
            names = ", ".join(campaign.judges.values_list("annotator__name", flat=True)) or "none"
            raise NotFound(f"there is no judge {options['judge']!r} in {campaign.slug}; there are: {names}")
        run = start_run(judge, None, send=False)
        jobs.run(JudgeRun, run.pk, run_judge)
        run.refresh_from_db()
        self.stdout.write(f"answered {run.done} of {run.total}, {run.failed} without an answer")
        follow(run, self.stdout)
