"""One embedded server: started once, found again, waited for, stopped.

A server inherits an open, locked file (its life lock). The kernel frees the lock when the last process of the
server ends, however it ends, so the lock answers "is it alive?" without trusting process numbers.
"""

import contextlib
import fcntl
import os
import signal
import stat
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import BinaryIO, ClassVar

START_SECONDS = 120.0
STOP_SECONDS = 20.0
LOG_BYTES = 5_000_000
LOG_LINES = 15

_children: list[subprocess.Popen[bytes]] = []


class ServerError(RuntimeError):
    """An embedded server cannot be started or reached."""


class Server(ABC):
    """What PostgreSQL and Valkey have in common. All files lie in `var` but the sockets (see places.py)."""

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    def __init__(self, var: Path) -> None:
        self.var = var
        self.data = var / self.name
        self.log = var / "log" / f"{self.name}.log"
        self._life = var / f"{self.name}.lock"

    @abstractmethod
    def prepare(self) -> None:
        """Make the data folder and clear what a crash left. Called while no process of the server lives."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command that runs the server in the foreground."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it serves; at the first yes the database exists."""

    def ensure(self) -> None:
        """Start the server unless it runs, and wait until it answers. Only one process may be here at a time.

        Raises:
            ServerError: with the end of the server's log.
        """
        deadline = time.monotonic() + START_SECONDS
        while (lock := self._take_life()) is None:
            if self.answers():
                return
            if time.monotonic() > deadline:
                raise ServerError(self._complaint("runs (maybe in another container) but does not answer"))
            time.sleep(0.1)
        try:
            self.prepare()
            process = self._spawn(lock)
        finally:
            os.close(lock)
        self._await(process, deadline)

    def stop(self) -> None:
        """Ask the server to end. `stopped` tells when it has."""
        lock = self._take_life()
        if lock is not None:
            os.close(lock)
            return
        pid = self._life.read_text().strip()
        if pid.isdigit():
            with contextlib.suppress(ProcessLookupError):  # its last children are on their way out
                os.kill(int(pid), self.stop_signal)

    def stopped(self) -> bool:
        """Wait until no process of the server lives: False if one still does after STOP_SECONDS."""
        deadline = time.monotonic() + STOP_SECONDS
        while (lock := self._take_life()) is None:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        os.close(lock)
        _children[:] = [child for child in _children if child.poll() is None]
        return True

    def _take_life(self) -> int | None:
        descriptor = os.open(self._life, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor

    def _spawn(self, lock: int) -> subprocess.Popen[bytes]:
        with open_log(self.log) as log:
            process = subprocess.Popen(
                self.command(),
                cwd=self.data,
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=[lock],
            )
        _children.append(process)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(process.pid).encode(), 0)
        return process

    def _await(self, process: subprocess.Popen[bytes], deadline: float) -> None:
        while not self.answers():
            if process.poll() is not None:
                raise ServerError(self._complaint("did not start"))
            if time.monotonic() > deadline:
                raise ServerError(self._complaint(f"did not answer within {START_SECONDS:.0f} s"))
            time.sleep(0.05)

    def _complaint(self, what: str) -> str:
        return f"The embedded {self.name} server of {self.var} {what}. {tail(self.log)}"


def clean_environment() -> dict[str, str]:
    """Ours without the variables that would bend PostgreSQL's settings or its clients'."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")}


def open_log(path: Path) -> BinaryIO:
    """Open a log to append to; one that has grown large is put aside first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".old.log"))
    return path.open("ab")


def tail(path: Path) -> str:
    """The last lines of a log, introduced by its path."""
    try:
        lines = path.read_text(errors="replace").splitlines()[-LOG_LINES:]
    except OSError as error:
        return f"Its log cannot be read: {error}"
    return f"The end of its log, {path}:\n" + "\n".join(lines)


def private_folder(path: Path, mode: int = 0o700, owner: tuple[int, int] | None = None) -> None:
    """Make `path` with this mode and owner (uid, gid; ourselves by default).

    Raises:
        ServerError: somebody else made it first, or it is no folder.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    uid, gid = owner or (os.geteuid(), os.getegid())
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (uid, os.geteuid()):
        raise ServerError(f"{path} must be a folder of user {uid}, not of user {found.st_uid}; remove it")
    if found.st_uid != uid:
        os.chown(path, uid, gid)
    path.chmod(mode)
