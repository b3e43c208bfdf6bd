from typing import Any

from django.core.management.base import CommandParser

from annotate import jobs
from annotate.commands import ActionCommand, campaign_named, follow
from annotate.errors import NotFound, WrongState
from routing.estimating import clean_repeats
from routing.judging import run_judge, start_run
from routing.models import JudgeRun
from routing.pricing import dollars, known_price, millionths


class Command(ActionCommand):
    help = "Runs a judge of the campaign over what it has not answered yet, in this process."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign")
        parser.add_argument("judge", help="its name")
        parser.add_argument("--organisation")
        parser.add_argument("--cap", type=float, help="the most that the run may cost, in US dollars")
        parser.add_argument("--repeats", type=int, default=1, help="how often each unit is asked")

    def act(self, options: dict[str, Any]) -> None:
        campaign = campaign_named(options["campaign"], options["organisation"])
        judge = campaign.judges.filter(annotator__name=options["judge"]).select_related("annotator", "campaign").first()
        if judge is None:
            names = ", ".join(campaign.judges.values_list("annotator__name", flat=True)) or "none"
            raise NotFound(f"there is no judge {options['judge']!r} in {campaign.slug}; there are: {names}")
        known_price(judge)
        cap, repeats = millionths(options["cap"]), clean_repeats(options["repeats"])
        run = start_run(judge, None, send=False, cap=cap, repeats=repeats)
        jobs.run(JudgeRun, run.pk, run_judge)
        run.refresh_from_db()
        if run.rests:
            raise WrongState(f"the run is {run.get_state_display()}: {run.error}")
        spent = f", {dollars(run.spent):.4f} US dollars spent" if run.spent else ""
        self.stdout.write(f"answered {run.done} of {run.total}, {run.failed} without an answer{spent}")
        follow(run, self.stdout)
