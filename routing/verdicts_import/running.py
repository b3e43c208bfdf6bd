"""Imports of verdicts: starting one, and the work of its job. It is an import like that of items, with other rows."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from annotate.errors import Invalid
from annotate.importing.problems import FileProblem, RowProblem
from annotate.importing.readers import SourceRow, count_rows, read_rows
from annotate.importing.readers.detect import file_type_of
from annotate.importing.run import LOCK, OTHER_WORK, note_rows, start_import
from annotate.importing.storable import unstorable
from annotate.jobs import Handle
from annotate.models import Campaign, ImportJob, User
from routing.verdicts_import.deriving import remarks
from routing.verdicts_import.fitting import Fitted, Fitter
from routing.verdicts_import.storing import Store

NAME = "verdicts"
"""What stands as `mapping` of these imports."""
BATCH = 500
Problems = list[tuple[int, RowProblem]]


def start_verdict_import(
    campaign: Campaign, user: User | None, path: Path, name: str, *, send: bool = True
) -> ImportJob:
    """Queues the import of a stored file of verdicts; `name` is the user's."""
    return start_import(campaign, user, path, name, send=send, mapping_name=NAME)


def import_verdicts(job: ImportJob, handle: Handle) -> None:
    """The work of the job: each batch and the job's counts are committed together, so one taken over goes on.

    Rows about the same screen stand next to one another.
    """
    path = Path(job.file)
    handle.progress(total=count_rows(path, job.file_type or None))
    cells = file_type_of(path, job.file_type or None) == "csv"
    fitter, store = Fitter(job.campaign), Store(job.campaign)
    for batch in _batches(read_rows(path, job.file_type or None, start=job.position)):
        _commit(job, handle, fitter, store, batch, cells)
    handle.progress(total=job.done + job.rejected)
    if not job.done and not job.rejected:
        raise Invalid("the file has no rows", {"file": "at least one row"})


def _batches(rows: Iterator[SourceRow]) -> Iterator[list[SourceRow]]:
    """Batches that end where the next row is about something else."""
    batch: list[SourceRow] = []
    try:
        for row in rows:
            if len(batch) >= BATCH and _about(row) != _about(batch[-1]):
                yield batch
                batch = []
            batch.append(row)
    except FileProblem:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _about(row: SourceRow) -> Any:
    value: Mapping[str, Any] = row.value or {}
    return [value.get(name) for name in ("judge", "item", "keys", "repeat")] if row.value else row.number


@transaction.atomic
def _commit(
    job: ImportJob, handle: Handle, fitter: Fitter, store: Store, batch: Sequence[SourceRow], cells: bool
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, job.campaign_id])
    fitter.read([row.value for row in batch if row.value is not None])
    fitted, bad = _fitted(fitter, batch, cells)
    good, repeated = 0, 0
    told: Problems = []
    for rows in _screens(fitted):
        try:
            repeated += store.screen(rows)
        except RowProblem as problem:
            bad += [(row.number, problem) for row in rows]
            continue
        good += len(rows)
        told += [(row.number, remark) for row in rows for remark in remarks(row.row)]
    note_rows(job, bad, told)
    handle.progress(
        done=job.done + good,
        rejected=job.rejected + len(bad),
        repeated=job.repeated + repeated,
        position=batch[-1].number,
    )


def _fitted(fitter: Fitter, batch: Sequence[SourceRow], cells: bool) -> tuple[list[Fitted], Problems]:
    fitted, bad = [], Problems()
    for row in batch:
        try:
            if row.value is None:
                raise row.error or RowProblem("", "is no row")
            if problem := unstorable(row.value):
                raise problem
            fitted.append(fitter.fit(row.number, row.value, cells))
        except RowProblem as problem:
            bad.append((row.number, problem))
    return fitted, bad


def _screens(fitted: Sequence[Fitted]) -> Iterator[list[Fitted]]:
    """The rows of each screen. A question that is answered again there is held against the first time."""
    for _, found in groupby(fitted, key=lambda row: row.place):
        screens: list[dict[str, Fitted]] = []
        for row in found:
            free = next((each for each in screens if row.question.name not in each), None)
            if free is None:
                screens.append(free := {})
            free[row.question.name] = row
        yield from (list(screen.values()) for screen in screens)


OTHER_WORK[NAME] = import_verdicts
