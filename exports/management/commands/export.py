import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from annotate import jobs
from annotate.commands import ActionCommand, campaign_named, follow
from exports.build import run_export, start_export
from exports.files import FILE_TYPES
from exports.formats import formats
from exports.models import Export
from exports.options import WHO


class Command(ActionCommand):
    help = "Writes a dataset from a campaign to a file, and its manifest beside it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign")
        parser.add_argument("--format", required=True, help=", ".join(sorted(formats())))
        parser.add_argument("--file-type", default="jsonl", help=" or ".join(FILE_TYPES))
        parser.add_argument("--out", required=True, type=Path)
        parser.add_argument("--question", action="append", help="all pairwise questions where left out")
        parser.add_argument("--annotators", choices=WHO, help="people_first where left out")
        parser.add_argument("--minimum", type=int, help="annotations that a pair needs: 1 where left out")
        parser.add_argument("--organisation")

    def act(self, options: dict[str, Any]) -> None:
        campaign = campaign_named(options["campaign"], options["organisation"])
        given = {"annotators": options["annotators"], "minimum": options["minimum"], "questions": options["question"]}
        chosen = {name: value for name, value in given.items() if value is not None}
        out: Path = options["out"]
        if not out.parent.is_dir():
            raise CommandError(f"there is no folder {out.parent}")
        export = start_export(campaign, None, options["format"], options["file_type"], chosen, send=False)
        jobs.run(Export, export.pk, run_export)
        export.refresh_from_db()
        if export.state == Export.State.DONE:
            shutil.copyfile(export.path, out)
            shutil.copyfile(Path(export.path).with_name("manifest.json"), out.with_name(out.name + ".manifest.json"))
        for reason, count in export.manifest.get("dropped", {}).items():
            self.stdout.write(f"dropped, {reason}: {count}")
        follow(export, self.stdout)
