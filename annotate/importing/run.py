"""Imports: starting one, and the work of its job."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from annotate.errors import Invalid
from annotate.importing.load import Loader
from annotate.importing.mapping import RowMapping, mapping
from annotate.importing.mapping.base import Row
from annotate.importing.plan import Planned, Planner
from annotate.importing.problems import FileProblem, RowProblem
from annotate.importing.readers import count_rows, detect, read_rows
from annotate.importing.rows import parse_row
from annotate.importing.storable import unstorable
from annotate.jobs import Handle, enqueue
from annotate.models import Campaign, ImportJob, RowError, User
from annotate.signals import items_imported

BATCH = 1000
FIRST_BATCH = 50
CHUNK = 1 << 20
LOCK = 0x1A9
"""The first key of the advisory lock; the second is the campaign."""

OTHER_WORK: dict[str, Callable[[ImportJob, Handle], None]] = {}
"""What else files may hold than items, by the name that stands in the job's `mapping`: other apps add theirs."""

Good = list[Planned]
Bad = list[tuple[int, RowProblem]]


def keep_upload(chunks: Iterable[bytes], name: str) -> Path:
    """Stores uploaded bytes under the uploads folder. Raises `Invalid` past the limit or for an empty file."""
    settings.UPLOADS.mkdir(parents=True, exist_ok=True)
    suffix = "".join(c for c in Path(name).suffix.lower() if c.isalnum() or c == ".")[:10]
    path: Path = settings.UPLOADS / f"{uuid.uuid4().hex}{suffix}"
    size = 0
    try:
        with path.open("wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > settings.MAX_UPLOAD_BYTES:
                    limit = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
                    raise Invalid(f"the file is larger than {limit} MB; split it", {"file": f"at most {limit} MB"})
                file.write(chunk)
        if not size:
            raise Invalid("the file is empty", {"file": "at least one row"})
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def keep_file(path: Path) -> Path:
    """A copy of a local file among the uploads, so that the job does not depend on the original."""
    with path.open("rb") as file:
        return keep_upload(iter(lambda: file.read(CHUNK), b""), path.name)


def start_import(
    campaign: Campaign,
    user: User | None,
    path: Path,
    name: str,
    *,
    send: bool = True,
    file_type: str = "",
    mapping_name: str = "crosscheck",
    options: Mapping[str, Any] | None = None,
    companions: Mapping[str, Path] | None = None,
) -> ImportJob:
    """Queues the import of a stored file; `name` is the user's. Raises `Invalid` for an unknown mapping."""
    if mapping_name not in OTHER_WORK:
        mapping(mapping_name)
    with transaction.atomic():
        job = ImportJob.objects.create(
            campaign=campaign,
            created_by=user,
            file=str(path),
            name=name.encode("utf-8", "replace").decode().replace("\0", "")[:255],
            file_type=file_type,
            mapping=mapping_name,
            options=dict(options or {}),
            companions={key: str(value) for key, value in (companions or {}).items()},
        )
        if send:
            enqueue(job)
    return job


def run_import(job: ImportJob, handle: Handle) -> None:
    """The work of an import job: each batch of rows and the job's counts are committed together.

    A job taken over goes on after the last committed batch; good rows go in whatever the others are.
    """
    if other := OTHER_WORK.get(job.mapping):
        other(job, handle)
        return
    path = Path(job.file)
    handle.progress(total=count_rows(path, job.file_type or None))
    planner = Planner(job.campaign)
    loader = Loader(job.campaign, planner)
    good: Good = []
    bad: Bad = []
    size, dealt_with = FIRST_BATCH, job.position
    try:
        for number, planned in _planned(job, planner):
            dealt_with = number
            if isinstance(planned, RowProblem):
                bad.append((number, planned))
            else:
                good.append(planned)
            if len(good) + len(bad) >= size:
                _commit(job, handle, loader, good, bad, dealt_with)
                good, bad, size = [], [], BATCH
    except FileProblem:
        _commit(job, handle, loader, good, bad, dealt_with)
        raise
    _commit(job, handle, loader, good, bad, dealt_with)
    handle.progress(total=job.done + job.rejected)
    if not job.done and not job.rejected:
        raise Invalid("the file has no rows", {"file": "at least one row"})
    items_imported.send(ImportJob, campaign=job.campaign)


def _planned(job: ImportJob, planner: Planner) -> Iterator[tuple[int, Planned | RowProblem]]:
    chosen, path, file_type = mapping(job.mapping), Path(job.file), job.file_type or None
    if chosen.options or job.options:
        chosen.check(job.options, detect(path, file_type).columns)
    source = read_rows(path, file_type, columns=chosen.columns)
    companions = {name: Path(path) for name, path in job.companions.items()}
    for number, value in chosen.rows(source, job.options, companions):
        if number <= job.position:
            continue
        yield number, value if isinstance(value, RowProblem) else _fitted(number, value, chosen, planner)


def _fitted(number: int, value: Row, chosen: RowMapping, planner: Planner) -> Planned | RowProblem:
    """A mapped row as it goes in, or what is wrong with it; whatever a mapping made of a cell can be stored."""
    try:
        if problem := unstorable(value):
            return problem
        return planner.plan(number, parse_row(value), chosen.remarks(value))
    except RowProblem as problem:
        return problem


@transaction.atomic
def _commit(job: ImportJob, handle: Handle, loader: Loader, good: Good, bad: Bad, position: int) -> None:
    """One import at a time writes into a campaign, so that equal rows in two files meet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, job.campaign_id])
    repeated, refused = loader.load(good)
    bad = [*bad, *refused]
    out = {number for number, _ in refused}
    note_rows(job, bad, [(row.number, remark) for row in good if row.number not in out for remark in row.remarks])
    handle.progress(
        done=job.done + len(good) - len(refused),
        rejected=job.rejected + len(bad),
        repeated=job.repeated + repeated,
        position=position,
    )


def note_rows(job: ImportJob, bad: Bad, remarks: Bad) -> None:
    """Stores why rows were rejected, and what somebody should know about rows that went in."""
    RowError.objects.bulk_create(
        RowError(job=job, row=number, field=problem.field[:200], message=problem.message, kept=kept)
        for found, kept in ((bad, False), (remarks, True))
        for number, problem in found
    )
