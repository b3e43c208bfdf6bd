import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from annotate import jobs
from annotate.commands import ActionCommand, campaign_named, follow
from annotate.errors import Invalid
from annotate.importing.mapping import guess
from annotate.importing.readers import detect
from annotate.importing.run import keep_file, run_import, start_import
from annotate.models import ImportJob

SHOWN_ERRORS = 20


class Command(ActionCommand):
    help = "Imports a file (JSONL, JSON array, CSV, Parquet) into a campaign; a foreign shape is guessed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign")
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", help="how to read the rows; guessed where left out")
        parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help="of the mapping")
        parser.add_argument("--companion", action="append", default=[], metavar="NAME=FILE", help="of the mapping")
        parser.add_argument("--organisation")

    def act(self, options: dict[str, Any]) -> None:
        campaign = campaign_named(options["campaign"], options["organisation"])
        path: Path = options["file"]
        companions = {key: Path(value) for key, value in map(_pair, options["companion"])}
        for needed in (path, *companions.values()):
            if not needed.is_file():
                raise CommandError(f"there is no file {needed}")
        stored = keep_file(path)
        name, settings = options["mapping"], dict(_named(option) for option in options["option"])
        if name is None:
            source = detect(stored)
            guessed = guess(source.columns, source.sample_rows)
            name, settings = guessed.mapping, {**guessed.options, **settings}
            self.stdout.write(f"mapping: {name}")
        job = start_import(
            campaign,
            None,
            stored,
            path.name,
            send=False,
            mapping_name=name,
            options=settings,
            companions={key: keep_file(value) for key, value in companions.items()},
        )
        jobs.run(ImportJob, job.pk, run_import)
        job.refresh_from_db()
        for error in job.rejections[:SHOWN_ERRORS]:
            self.stderr.write(f"row {error.row}: {error.field}: {error.message}")
        if warnings := job.remarks.count():
            self.stdout.write(f"warnings: {warnings} (GET /api/v1/imports/{job.pk}/ and the import's page list them)")
        self.stdout.write(f"rows: {job.done} good ({job.repeated} were there already), {job.rejected} rejected")
        follow(job, self.stdout)


def _pair(option: str) -> tuple[str, str]:
    name, equals, value = option.partition("=")
    if not equals:
        raise Invalid(f"{option!r} must be NAME=VALUE")
    return name, value


def _named(option: str) -> tuple[str, Any]:
    """An option whose value may be JSON (a list of columns) or a plain text."""
    name, value = _pair(option)
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
