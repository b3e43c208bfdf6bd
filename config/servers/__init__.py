"""The embedded servers: a real PostgreSQL and a real Valkey, started once however many processes ask.

Every process that uses them holds a shared lock on `servers.lock` in the data folder; the kernel drops it
with the process. Whoever leaves and then gets the lock for himself alone was the last, and stops the servers.
Servers that lost all their users at once (kill -9) go on and are found by the next.
"""

import atexit
import fcntl
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from . import places
from .places import broker_url, database_url
from .postgres import Postgres
from .server import Server, ServerError, private_folder
from .valkey import Valkey

__all__ = ["ServerError", "broker_url", "database_url", "ensure", "release"]


@dataclass(frozen=True)
class _Use:
    """Our shared lock: a forked child inherits the descriptor but is not the process `pid`."""

    descriptor: int
    pid: int


_uses: dict[Path, _Use] = {}


def ensure(var: Path, *, postgres: bool, valkey: bool) -> None:
    """Start what is missing of the servers of `var`, wait until they answer, and be their user until the end.

    Raises:
        ServerError: a server cannot be started, with the end of its log.
    """
    var = var.resolve()
    wanted: list[Server] = [*([Postgres(var)] if postgres else []), *([Valkey(var)] if valkey else [])]
    if not wanted:
        return
    try:
        var.mkdir(parents=True, exist_ok=True)
        _join(var)
        with (var / "starting.lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            others_enter = os.geteuid() == 0  # PostgreSQL runs as somebody else then
            private_folder(places.socket_folder(var), 0o711 if others_enter else 0o700)
            for server in wanted:
                server.ensure()
    except OSError as error:
        raise ServerError(f"The embedded servers of {var} cannot be started: {error}") from error


def release(var: Path | None = None) -> None:
    """Stop using the servers of `var`, or all; the last user stops them. Called at exit; nothing in a forked child."""
    leaving = [var.resolve()] if var else list(_uses)
    for folder in leaving:
        use = _uses.get(folder)
        if use is None or use.pid != os.getpid():
            continue
        del _uses[folder]
        try:
            fcntl.flock(use.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _stop(folder)
        except BlockingIOError:
            pass  # others still use them
        finally:
            os.close(use.descriptor)


def _join(var: Path) -> None:
    """Hold the shared lock of `var`; waits while the last user is stopping the servers."""
    use = _uses.get(var)
    if use is not None and use.pid == os.getpid():
        return
    descriptor = os.open(var / "servers.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    _uses[var] = _Use(descriptor, os.getpid())


def _stop(var: Path) -> None:
    servers = (Valkey(var), Postgres(var))
    for server in servers:
        server.stop()
    late = [server.name for server in servers if not server.stopped()]
    if late:
        print(f"The embedded servers of {var} are still stopping: {', '.join(late)}", file=sys.stderr)
    else:
        shutil.rmtree(places.socket_folder(var), ignore_errors=True)


atexit.register(release)
