"""How tracked jobs run: taken by one process, with a heartbeat, cancellable, taken over when that process dies."""

import logging
import secrets
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from celery import current_app
from django.db import close_old_connections, connection, transaction
from django.db.models import Q
from django.utils import timezone

from annotate.errors import AnnotateError, WrongState
from annotate.models import Job

log = logging.getLogger(__name__)
J = TypeVar("J", bound=Job)
BEAT_SECONDS = 3.0
SILENT_AFTER = timedelta(seconds=15)
QUEUED_AFTER = timedelta(seconds=20)
SENT_AGAIN_AFTER = timedelta(seconds=60)


class Stopped(Exception):
    """The job was cancelled, or another process has taken it over."""


class Rest(Exception):
    """Raised by a job's work to lay the job down in a resting state, with the reason, until somebody resumes it."""

    def __init__(self, state: Job.State, reason: str) -> None:
        super().__init__(reason)
        self.state, self.reason = state, reason


class Handle:
    """The running process's hold on a job: `progress` saves counts and raises `Stopped` when the hold is lost."""

    def __init__(self, job: Job, token: str) -> None:
        self.job, self.token = job, token
        self.rows = type(job)._default_manager.filter(pk=job.pk, token=token, state=Job.State.RUNNING)
        self.noted: dict[str, Any] = {}
        self.lost = False

    def progress(self, **counts: Any) -> None:
        """Saves `counts` on the job. Call it inside the transaction that did the work, so both stand or fall."""
        if not self.rows.update(heartbeat=timezone.now(), **counts):
            raise Stopped
        for name, value in counts.items():
            setattr(self.job, name, value)

    def note(self, **counts: Any) -> None:
        """Leaves `counts` for the next heartbeat to save: for work inside one long transaction."""
        self.noted = counts
        if self.lost:
            raise Stopped

    def beat(self) -> None:
        self.lost = not self.rows.update(heartbeat=timezone.now(), **self.noted)


def enqueue(job: Job) -> None:
    """Sends the job's message once its row is committed; where the broker is away, the sweep sends it later."""
    transaction.on_commit(lambda: send(job))


def send(job: Job) -> None:
    try:
        current_app.send_task(job.task, args=[job.pk], queue=job.queue)
    except Exception as error:
        log.warning("the broker could not be reached (%s); job %s waits for the sweep", error, job)


def run(job_class: type[J], pk: int, work: Callable[[J, Handle], None]) -> None:
    """Runs `work` on the job unless it has ended or another live process has it.

    Any exception ends the job as failed with its message; `Stopped` ends it quietly.
    """
    token = secrets.token_hex(16)
    if not _take(job_class, pk, token):
        return
    job = job_class._default_manager.select_related("campaign").get(pk=pk)
    handle = Handle(job, token)
    over = threading.Event()
    pulse = threading.Thread(target=_pulse, args=(handle, over), daemon=True)
    pulse.start()
    try:
        work(job, handle)
        handle.rows.update(state=Job.State.DONE, ended_at=timezone.now())
    except Stopped:
        log.info("job %s was stopped", job)
    except Rest as rest:
        handle.rows.update(state=rest.state, error=storable(rest.reason))
    except AnnotateError as error:
        _fail(handle, error.message)
    except Exception as error:
        log.exception("job %s failed", job)
        _fail(handle, f"{type(error).__name__}: {error}")
    finally:
        over.set()
        pulse.join()


def _take(job_class: type[J], pk: int, token: str) -> bool:
    now = timezone.now()
    free = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, heartbeat__lt=now - SILENT_AFTER)
    taken = job_class._default_manager.filter(free, pk=pk).update(
        state=Job.State.RUNNING, token=token, heartbeat=now, started_at=now
    )
    return bool(taken)


def _fail(handle: Handle, message: str) -> None:
    handle.rows.update(state=Job.State.FAILED, error=storable(message), ended_at=timezone.now())


def storable(message: str) -> str:
    """A message that PostgreSQL can hold, whatever the error had in it."""
    return message.encode("utf-8", "backslashreplace").decode().replace("\0", "")


def _pulse(handle: Handle, over: threading.Event) -> None:
    """Says every few seconds that the process lives, on a connection of its own."""
    try:
        while not over.wait(BEAT_SECONDS):
            try:
                handle.beat()
            except Exception:
                log.exception("no heartbeat for job %s", handle.job)
                close_old_connections()
    finally:
        connection.close()


def cancel(job: Job) -> None:
    """Stops a job that has not ended; what it has committed stays. Raises `WrongState` for one that has."""
    going = type(job)._default_manager.filter(pk=job.pk).exclude(state__in=Job.ENDED)
    if not going.update(state=Job.State.CANCELLED, ended_at=timezone.now()):
        raise WrongState("this job has ended already")
    job.refresh_from_db()


def pause(job: Job) -> None:
    """Lays a job down until `resume`; what it has committed stays. Raises `WrongState` where it is not going on."""
    going = type(job)._default_manager.filter(pk=job.pk, state__in=[Job.State.QUEUED, Job.State.RUNNING])
    if not going.update(state=Job.State.PAUSED, error=""):
        raise WrongState("this job is not going on, so it cannot be paused")
    job.refresh_from_db()


def resume(job: Job) -> None:
    """Sends a resting job to work again. Raises `WrongState` where it does not rest."""
    resting = type(job)._default_manager.filter(pk=job.pk, state__in=Job.RESTING)
    with transaction.atomic():
        if not resting.update(state=Job.State.QUEUED, error="", heartbeat=timezone.now()):
            raise WrongState("this job is neither paused nor out of budget, so there is nothing to resume")
        enqueue(job)
    job.refresh_from_db()


def sweep() -> int:
    """Sends the messages of jobs that were lost: queued for long, or running in a process that went silent."""
    now = timezone.now()
    never_sent = Q(heartbeat=None, created_at__lt=now - QUEUED_AFTER)
    lost = Q(state=Job.State.QUEUED) & (never_sent | Q(heartbeat__lt=now - SENT_AGAIN_AFTER))
    lost |= Q(state=Job.State.RUNNING, heartbeat__lt=now - SILENT_AFTER)
    count = 0
    for job_class in Job.__subclasses__():
        for job in job_class._default_manager.filter(lost):
            job_class._default_manager.filter(pk=job.pk, state=Job.State.QUEUED).update(heartbeat=now)
            send(job)
            count += 1
    return count
