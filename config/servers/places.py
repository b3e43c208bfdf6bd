"""Where the embedded servers keep their sockets: pure functions of the data folder."""

import hashlib
import os
from pathlib import Path
from urllib.parse import quote

DATABASE = "crosscheck"
"""Name of the database and of its owner."""

PORT = 5432
"""Only part of the socket's name: PostgreSQL listens on no network port."""


def socket_folder(var: Path) -> Path:
    """The short private folder that holds the sockets of the servers of `var`.

    A unix socket's path may have 103 bytes on macOS and 107 on Linux, and `var` may lie deeper than that. The
    folder is not under TMPDIR, which differs from shell to shell: all processes must find the same place.
    """
    key = hashlib.sha256(os.fsencode(var.resolve())).hexdigest()[:12]
    return Path("/tmp") / f"crosscheck-{os.getuid()}-{key}"


def postgres_folder(var: Path) -> Path:
    """The folder of PostgreSQL's socket (libpq's `host`)."""
    return socket_folder(var) / "postgres"


def valkey_socket(var: Path) -> Path:
    """Valkey's socket."""
    return socket_folder(var) / "valkey.sock"


def database_url(var: Path) -> str:
    """URL of the embedded PostgreSQL of `var`, as libpq and dj-database-url read it. Starts nothing."""
    return f"postgresql://{DATABASE}@{quote(str(postgres_folder(var)), safe='')}:{PORT}/{DATABASE}"


def broker_url(var: Path) -> str:
    """URL of the embedded Valkey of `var`, as Celery reads it. Starts nothing."""
    return f"redis+socket://{valkey_socket(var)}?virtual_host=0"
