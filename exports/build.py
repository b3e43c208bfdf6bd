"""Exports: asking for one, and the work of its job."""

import json
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from annotate.errors import Invalid
from annotate.jobs import Handle, enqueue
from annotate.models import Campaign, Question, User
from exports.files import Writer, check_file_type, file_hash
from exports.formats import Dropped, export_format
from exports.models import Export
from exports.pairs import WHO, comparing, decided, is_chat

OPTIONS = {"questions", "annotators", "minimum", "shape"}
SHAPES = ("auto", "text", "messages")


def clean_options(campaign: Campaign, given: Any) -> dict[str, Any]:
    """The options with their defaults. Raises `Invalid` naming each that is wrong.

    `questions`: which pairwise questions (all). `annotators`: people_first (judges only where no person
    answered), human, judge or all. `minimum`: annotations a pair needs. `shape`: auto, text or messages.
    """
    if not isinstance(given, Mapping):
        raise Invalid("options must be an object", {"options": "an object"})
    problems = {
        f"options.{key}": f"is not known; there are {', '.join(sorted(OPTIONS))}" for key in given if key not in OPTIONS
    }
    names = [question.name for question in comparing(campaign)]
    if not names:
        problems["options.questions"] = "this campaign asks no pairwise question, so there are no preferences"
    questions = given.get("questions") or names
    if not isinstance(questions, list) or any(name not in names for name in questions):
        problems["options.questions"] = f"must be a list of pairwise questions: {', '.join(names)}"
    annotators = given.get("annotators", "people_first")
    if annotators not in WHO:
        problems["options.annotators"] = f"must be {', '.join(WHO[:-1])} or {WHO[-1]}"
    minimum = given.get("minimum", 1)
    if type(minimum) is not int or not 1 <= minimum <= 1000:
        problems["options.minimum"] = "must be a whole number from 1 to 1000"
    shape = given.get("shape", "auto")
    if shape not in SHAPES:
        problems["options.shape"] = f"must be {', '.join(SHAPES[:-1])} or {SHAPES[-1]}"
    if problems:
        raise Invalid("; ".join(f"{name}: {problem}" for name, problem in problems.items()), problems)
    return {"questions": list(questions), "annotators": annotators, "minimum": minimum, "shape": shape}


def start_export(
    campaign: Campaign, user: User | None, name: Any, file_type: Any, options: Any, *, send: bool = True
) -> Export:
    """Queues an export. Raises `Invalid` for an unknown format, file type or option."""
    found = export_format(name if isinstance(name, str) else "")
    clean = clean_options(campaign, options if options is not None else {})
    with transaction.atomic():
        export = Export.objects.create(
            campaign=campaign,
            created_by=user,
            format=found.name,
            file_type=check_file_type(file_type),
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
    options = resolved(campaign, export.options)
    drops: Counter[str] = Counter()
    annotations = judged = pairs = 0
    path = folder / f"{campaign.slug}-{export.format}.{export.file_type}"
    with Writer(path, export.file_type, found.schema(options)) as writer:
        for pairs, pair in enumerate(decided(campaign, options), start=1):
            try:
                if isinstance(pair, Dropped):
                    raise pair
                writer.write(found.row(pair, options))
                annotations, judged = annotations + len(pair.annotations), judged + pair.judged
            except Dropped as dropped:
                drops[dropped.reason] += 1
            if pairs % 500 == 0:
                handle.note(done=pairs)
    manifest = {
        "format": export.format,
        "file_type": export.file_type,
        "options": options,
        "campaign": {"slug": campaign.slug, "name": campaign.name, "version": campaign.current.number},
        "created_at": timezone.now().isoformat(),
        "consensus": "majority; ties are dropped",
        "pairs": pairs,
        "rows": writer.rows,
        "dropped": dict(sorted(drops.items())),
        "annotations": annotations,
        "judge_share": round(judged / writer.rows, 4) if writer.rows else None,
        "content_sha256": writer.content.hexdigest(),
        "files": [{"name": path.name, "sha256": file_hash(path), "bytes": path.stat().st_size}],
    }
    return path, manifest


def resolved(campaign: Campaign, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options with what depends on the data: the shape, and whether every row can have a margin."""
    asked = Question.objects.filter(version=campaign.current, name__in=options["questions"])
    shape = options["shape"]
    if shape == "auto":
        shape = "messages" if is_chat(campaign) else "text"
    return {**options, "shape": shape, "margin": all(question.config.get("strengths") for question in asked)}
