"""What `manage.py up` needs beside the supervisor: one at a time, a free port, health, the programs."""

import fcntl
import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.supervisor import Program


class CannotRun(RuntimeError):
    """Something outside stands in the way; the message says what to do."""


@contextmanager
def only_one(var: Path, url: str) -> Iterator[None]:
    """Hold `var` for this process alone.

    Raises:
        CannotRun: another one holds it.
    """
    with (var / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotRun(
                f"Crosscheck already runs on {var} ({lock.read().strip()}): stop it, or set CROSSCHECK_VAR "
                "to another folder and PORT to another port"
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, {url}\n")
        lock.flush()
        yield


def check_port(host: str, port: int) -> None:
    """Raise CannotRun unless the web server can listen there."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CannotRun(
            f"Cannot listen on {host} port {port} ({error.strerror}): set PORT or HOST to another"
        ) from error


def address(host: str, port: int) -> str:
    """The URL by which this machine reaches what listens on `host`."""
    name = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def serves(url: str) -> bool:
    """Whether the web server at `url` answers its health check without an error of its own."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{url}/healthz", timeout=5):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500  # a host that ALLOWED_HOSTS does not name is refused, but by a working app
    except OSError:
        return False


def web(host: str, port: int, workers: int, threads: int) -> Program:
    """The web server."""
    listen = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    options = f"--worker-class gthread --workers {workers} --threads {threads}"
    options += " --keep-alive 30 --timeout 120 --graceful-timeout 8"
    quiet = ["--no-control-socket", "--log-level", "warning"]
    gunicorn = [sys.executable, "-m", "gunicorn", "config.wsgi:application"]
    return Program("web", [*gunicorn, *options.split(), *quiet, "--bind", listen])


def background(var: Path) -> list[Program]:
    """The Celery workers, and the clock that gives them periodic work."""
    worker = ["worker", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    schedule = str(var / "celerybeat-schedule")
    lean = ["-c", "1", "--max-memory-per-child", "500000"]  # KB: a process that read a million records is replaced
    yielding = ["nice", "-n", "10"]  # a model on the CPU must not make annotators wait
    return [
        Program("worker", _celery(*worker, "-Q", "default,exports", "-c", "2", "-n", "default@%h")),
        Program("report worker", [*yielding, *_celery(*worker, "-Q", "reports", *lean, "-n", "reports@%h")]),
        Program("judge worker", [*yielding, *_celery(*worker, "-Q", "judges", "-c", "2", "-n", "judges@%h")]),
        Program("model worker", [*yielding, *_celery(*worker, "-Q", "gpu", "-c", "1", "-n", "gpu@%h")]),
        Program("beat", _celery("beat", "--loglevel", "WARNING", "--schedule", schedule, "--pidfile=")),
    ]


def _celery(*words: str) -> list[str]:
    as_root_is_fine = "ignore:You're running the worker with superuser"  # so it is in a container
    return [sys.executable, "-W", as_root_is_fine, "-m", "celery", "--quiet", "-A", "config.celery", *words]
