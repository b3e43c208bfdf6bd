"""The embedded servers, for real: every test starts PostgreSQL and Valkey in a folder of its own."""

import contextlib
import os
import pwd
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
import redis
from kombu import Connection

from config import servers
from config.servers import places, unprivileged
from config.servers.postgres import Postgres
from config.servers.valkey import Valkey

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
USER = """
import os, pathlib, sys
from config import servers
servers.ensure(pathlib.Path(sys.argv[1]), postgres=True, valkey=True)
print("ready", flush=True)
sys.stdin.readline()
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def pid(var: Path, name: str) -> int:
    return int((var / f"{name}.lock").read_text())


def both_stopped(var: Path) -> bool:
    folder = places.postgres_folder(var)
    return not Valkey(var).answers() and not (folder / f".s.PGSQL.{places.PORT}").exists()


def wait_for(what: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not what() and time.monotonic() < deadline:
        time.sleep(0.1)
    return what()


def sql(var: Path, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(servers.database_url(var), autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


def valkey(var: Path) -> "redis.Redis":
    return redis.Redis(unix_socket_path=str(places.valkey_socket(var)), decode_responses=True)


def user(var: Path, prefix: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    """A process that uses the servers until its standard input gets a line or ends."""
    return subprocess.Popen(
        [*prefix, sys.executable, "-c", USER, str(var)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    if not select.select([process.stdout], [], [], 60)[0]:
        process.kill()
    line = process.stdout.readline()
    assert line == "ready\n", process.communicate()[1]


def leave(process: subprocess.Popen[str]) -> None:
    _, errors = process.communicate("\n", timeout=60)
    assert (process.returncode, errors) == (0, "")


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "var"
    yield folder
    servers.release(folder)
    for server in (Postgres(folder), Valkey(folder)) if folder.exists() else ():
        server.stop()
        assert server.stopped()


def test_urls_start_nothing_and_are_the_same_every_time(var: Path) -> None:
    assert servers.database_url(var) == servers.database_url(var.parent / "." / "var")
    assert servers.broker_url(var) != servers.broker_url(var.parent / "other")
    assert not var.exists()
    assert not places.socket_folder(var).exists()


def test_both_servers_answer_at_their_urls(var: Path) -> None:
    servers.ensure(var, postgres=True, valkey=True)
    assert sql(var, "SELECT current_database(), current_user") == [("crosscheck", "crosscheck")]
    with Connection(servers.broker_url(var)) as broker:
        queue = broker.SimpleQueue("greetings")
        queue.put({"hello": "there"})
        assert queue.get(timeout=5).payload == {"hello": "there"}


def test_the_database_is_durable_unicode_and_local(var: Path) -> None:
    servers.ensure(var, postgres=True, valkey=False)
    shown = {name: sql(var, f"SHOW {name}")[0][0] for name in ("fsync", "listen_addresses", "timezone", "jit")}
    assert shown == {"fsync": "on", "listen_addresses": "", "timezone": "UTC", "jit": "off"}
    assert sql(var, "SELECT lower('ÄÖ'), length('🦉')") == [("äö", 1)]
    assert places.postgres_folder(var).stat().st_mode & 0o777 == 0o700


def test_data_survives_a_stop_and_a_start(var: Path) -> None:
    servers.ensure(var, postgres=True, valkey=True)
    sql(var, "CREATE TABLE kept AS SELECT 42 AS answer")
    valkey(var).set("kept", "42")
    servers.release(var)
    assert both_stopped(var)
    servers.ensure(var, postgres=True, valkey=True)
    assert sql(var, "SELECT answer FROM kept") == [(42,)]
    assert valkey(var).get("kept") == "42"


def test_many_processes_asking_at_once_start_one_of_each(var: Path) -> None:
    users = [user(var) for _ in range(4)]
    for process in users:
        ready(process)
    found = {name: pid(var, name) for name in ("postgres", "valkey")}
    log = (var / "log" / "valkey.log").read_text()
    assert log.count("Server initialized") == 1
    for process in users[:-1]:
        leave(process)
    assert {name: pid(var, name) for name in found} == found
    assert sql(var, "SELECT 1") == [(1,)]
    leave(users[-1])
    assert both_stopped(var)


def test_a_user_that_is_killed_counts_no_more(var: Path) -> None:
    killed, left = user(var), user(var)
    ready(killed)
    ready(left)
    killed.kill()
    killed.communicate()
    assert sql(var, "SELECT 1") == [(1,)]
    leave(left)
    assert both_stopped(var)


def test_servers_whose_users_were_all_killed_are_found_again(var: Path) -> None:
    killed = user(var)
    ready(killed)
    before = pid(var, "postgres"), pid(var, "valkey")
    killed.kill()
    killed.communicate()
    servers.ensure(var, postgres=True, valkey=True)
    assert (pid(var, "postgres"), pid(var, "valkey")) == before
    servers.release(var)
    assert both_stopped(var)


def test_killed_servers_are_started_again_with_all_that_was_acknowledged(var: Path) -> None:
    servers.ensure(var, postgres=True, valkey=True)
    sql(var, "CREATE TABLE kept AS SELECT 42 AS answer")
    valkey(var).set("kept", "42")
    for name in ("postgres", "valkey"):
        os.kill(pid(var, name), signal.SIGKILL)
    servers.ensure(var, postgres=True, valkey=True)
    assert sql(var, "SELECT answer FROM kept") == [(42,)]
    assert valkey(var).get("kept") == "42"


@on_linux
def test_a_process_number_that_now_names_another_program_is_no_hindrance(var: Path) -> None:
    servers.ensure(var, postgres=True, valkey=True)
    killed = pid(var, "postgres")
    os.kill(killed, signal.SIGKILL)
    owner = (var / "postgres").stat().st_uid if os.geteuid() == 0 else None
    sleeper = subprocess.Popen(["sleep", "60"], user=owner)  # of the same user: PostgreSQL overlooks others'
    stale = var / "postgres" / "postmaster.pid"
    stale.write_text(stale.read_text().replace(str(killed), str(sleeper.pid), 1))
    try:
        servers.ensure(var, postgres=True, valkey=True)
        assert sql(var, "SELECT 1") == [(1,)]
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_server_that_is_still_stopping_is_waited_for(var: Path) -> None:
    servers.ensure(var, postgres=True, valkey=True)
    before = pid(var, "postgres"), pid(var, "valkey")
    Postgres(var).stop()
    Valkey(var).stop()
    servers.ensure(var, postgres=True, valkey=True)
    assert sql(var, "SELECT 1") == [(1,)]
    assert valkey(var).ping()
    assert not set(before) & {pid(var, "postgres"), pid(var, "valkey")}


def test_a_forked_child_does_not_stop_the_servers(var: Path) -> None:
    servers.ensure(var, postgres=True, valkey=False)
    if (child := os.fork()) == 0:
        with contextlib.suppress(BaseException):
            servers.release(var)
        os._exit(0)
    os.waitpid(child, 0)
    other = user(var)  # ours was not given up either: the other is not the last to leave
    ready(other)
    leave(other)
    assert sql(var, "SELECT 1") == [(1,)]


@pytest.mark.parametrize("name", ["with two spaces", "l" * 120, "ünïcode 🦉", "quote'\"$x"])
def test_any_folder_will_do(tmp_path: Path, name: str) -> None:
    var = tmp_path / name / "deeper" / "var"
    try:
        servers.ensure(var, postgres=True, valkey=True)
        socket = unquote(urlsplit(servers.database_url(var)).netloc.partition("@")[2])
        assert len(os.fsencode(socket)) < 100
        assert sql(var, "SELECT 1") == [(1,)]
        assert valkey(var).ping()
    finally:
        servers.release(var)
    assert both_stopped(var)


def test_a_broken_data_folder_is_told_with_the_end_of_the_log(var: Path) -> None:
    servers.ensure(var, postgres=True, valkey=False)
    servers.release(var)
    (var / "postgres" / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(servers.ServerError, match=r"did not start.*\n.*incompatible|9\.6") as error:
        servers.ensure(var, postgres=True, valkey=False)
    assert str(var / "log" / "postgres.log") in str(error.value)
    (var / "postgres" / "PG_VERSION").write_text("18\n")


def test_an_interrupted_first_start_is_started_over(var: Path) -> None:
    (var / "postgres.new" / "base").mkdir(parents=True)
    servers.ensure(var, postgres=True, valkey=False)
    assert sql(var, "SELECT 1") == [(1,)]


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("not a folder")
    with pytest.raises(servers.ServerError, match=r"cannot be started.*var"):
        servers.ensure(tmp_path / "var", postgres=True, valkey=True)


@as_root
def test_sockets_in_a_folder_that_somebody_else_made_are_refused(var: Path) -> None:
    folder = places.socket_folder(var)
    folder.mkdir()
    os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    try:
        with pytest.raises(servers.ServerError, match=f"{folder} must be a folder of user 0"):
            servers.ensure(var, postgres=True, valkey=True)
    finally:
        folder.rmdir()


@as_root
def test_as_root_postgres_runs_as_somebody_else_and_no_permission_is_widened(var: Path) -> None:
    closed = var.parent / "closed"
    closed.mkdir(mode=0o700)
    try:
        servers.ensure(closed / "var", postgres=True, valkey=True)
        assert (closed / "var" / "postgres").stat().st_uid == pwd.getpwnam("nobody").pw_uid
        assert closed.stat().st_mode & 0o777 == 0o700
        assert sql(closed / "var", "SELECT 1") == [(1,)]
    finally:
        servers.release(closed / "var")


@as_root
def test_data_that_root_copied_back_is_given_to_postgres_again(var: Path) -> None:
    servers.ensure(var, postgres=True, valkey=False)
    sql(var, "CREATE TABLE kept AS SELECT 42 AS answer")
    servers.release(var)
    for path in (var / "postgres", *(var / "postgres").rglob("*")):
        os.chown(path, 0, 0)
    servers.ensure(var, postgres=True, valkey=False)
    assert sql(var, "SELECT answer FROM kept") == [(42,)]


@as_root
def test_an_ordinary_user_runs_both_servers_himself(tmp_path: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    var = tmp_path / "var"
    var.mkdir()
    os.chown(var, nobody.pw_uid, nobody.pw_gid)
    launcher = [sys.executable, "-I", "-S", unprivileged.__file__, str(nobody.pw_uid), str(nobody.pw_gid)]
    for _ in range(2):
        process = user(var, (*launcher, str(var)))
        ready(process)
        assert {(var / name).stat().st_uid for name in ("postgres", "valkey", "log")} == {nobody.pw_uid}
        leave(process)
        life = var / "postgres.lock"
        assert life.stat().st_uid == nobody.pw_uid
        assert Postgres(var).stopped()
        assert Valkey(var).stopped()
