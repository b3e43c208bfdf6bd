"""Exports: asking for one, and the work of its job."""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from annotate.jobs import Handle, enqueue
from annotate.models import Campaign, User
from exports.files import Writer, check_file_type, file_hash
from exports.formats import Dropped, export_format
from exports.models import Export
from exports.reading import reading_of


def start_export(
    campaign: Campaign, user: User | None, name: Any, file_type: Any, options: Any, *, send: bool = True
) -> Export:
    """Queues an export. Raises `Invalid` for an unknown format, file type or option."""
    found = export_format(name if isinstance(name, str) else "")
    clean = reading_of(found).clean(campaign, options if options is not None else {})
    with transaction.atomic():
        export = Export.objects.create(
            campaign=campaign,
            created_by=user,
            format=found.name,
            file_type=check_file_type(file_type, found.file_types, found.name),
            options=clean,
        )
        if send:
            enqueue(export)
    return export


def run_export(export: Export, handle: Handle) -> None:
    """The work of an export job: one consistent snapshot, streamed to a file, then the manifest.

    Made twice from the same state it gives the same content hash. A job that starts again starts the file anew, in
    a folder of its own: the process that was thought dead may still be writing.
    """
    folder = Path(settings.EXPORTS) / str(export.pk) / handle.token
    folder.mkdir(parents=True)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            path, manifest = _write(export, handle, folder)
        text = json.dumps(manifest, ensure_ascii=False, indent=2)
        (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
        rows = manifest["rows"]
        handle.progress(path=str(path), manifest=manifest, done=rows, total=rows)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    for left in set(folder.parent.iterdir()) - {folder}:
        shutil.rmtree(left, ignore_errors=True)


def _write(export: Export, handle: Handle, folder: Path) -> tuple[Path, dict[str, Any]]:
    campaign, found = export.campaign, export_format(export.format)
    reading = reading_of(found)
    options = reading.resolve(campaign, export.options)
    drops: Counter[str] = Counter()
    annotations = judged = adjudicated = count = 0
    path = folder / f"{campaign.slug}-{export.format}.{export.file_type}"
    with Writer(path, export.file_type, found.schema(options)) as writer:
        for count, read in enumerate(reading.rows(campaign, options), start=1):
            try:
                if isinstance(read, Dropped):
                    raise read
                writer.write(found.row(read, options))
                annotations, judged = annotations + len(read.annotations), judged + read.judged
                adjudicated += read.adjudicated
            except Dropped as dropped:
                drops[dropped.reason] += 1
            if count % 500 == 0:
                handle.note(done=count)
    manifest = {
        "format": export.format,
        "file_type": export.file_type,
        "options": options,
        "campaign": {"slug": campaign.slug, "name": campaign.name, "version": campaign.current.number},
        "created_at": timezone.now().isoformat(),
        **reading.about(campaign, options),
        found.reads: count,
        "rows": writer.rows,
        "dropped": dict(sorted(drops.items())),
        "annotations": annotations,
        **({"adjudicated": adjudicated} if found.reads == "pairs" else {}),
        "judge_share": round(judged / writer.rows, 4) if writer.rows else None,
        "content_sha256": writer.content.hexdigest(),
        "files": [{"name": path.name, "sha256": file_hash(path), "bytes": path.stat().st_size}],
    }
    return path, manifest
