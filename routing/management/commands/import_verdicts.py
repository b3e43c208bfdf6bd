from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from annotate import jobs
from annotate.commands import ActionCommand, campaign_named, follow
from annotate.importing.run import keep_file, run_import
from annotate.models import ImportJob
from routing.verdicts_import.running import start_verdict_import

SHOWN_ERRORS = 20


class Command(ActionCommand):
    help = "Imports verdicts made elsewhere (JSONL, JSON array, CSV, Parquet; JudgeBench outputs) into a campaign."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign")
        parser.add_argument("file", type=Path)
        parser.add_argument("--organisation")

    def act(self, options: dict[str, Any]) -> None:
        campaign = campaign_named(options["campaign"], options["organisation"])
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"there is no file {path}")
        job = start_verdict_import(campaign, None, keep_file(path), path.name, send=False)
        jobs.run(ImportJob, job.pk, run_import)
        job.refresh_from_db()
        for error in job.rejections[:SHOWN_ERRORS]:
            self.stderr.write(f"row {error.row}: {error.field}: {error.message}")
        if warnings := job.remarks.count():
            self.stdout.write(f"warnings: {warnings} (GET /api/v1/imports/{job.pk}/ and the import's page list them)")
        self.stdout.write(f"rows: {job.done} good ({job.repeated} were there already), {job.rejected} rejected")
        follow(job, self.stdout)
