"""The supervisor, for real: every test runs programs of its own."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from config import guard, running, supervisor
from config.supervisor import Program, ProgramFailed, Supervisor

ROOT = Path(__file__).parents[2]
SLEEPER = "import pathlib, os, sys, time; pathlib.Path(sys.argv[1]).open('a').write(f'{os.getpid()}\\n'); "
PATIENT = SLEEPER + "time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + PATIENT
PARENT = (
    SLEEPER + "import subprocess; subprocess.Popen([sys.executable, '-c', sys.argv[2], sys.argv[3]]); time.sleep(60)"
)


def program(code: str, *words: str | Path, name: str = "worker") -> Program:
    return Program(name, [sys.executable, "-I", "-S", "-c", code, *map(str, words)])


def pids(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_for(what: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not what() and time.monotonic() < deadline:
        time.sleep(0.05)
    return what()


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Where programs write their process numbers."""
    return tmp_path / "pids"


class Run:
    """A supervisor at work in a thread, with what it reports."""

    def __init__(self, *programs: Program, upkeep: Callable[[], None] | None = None) -> None:
        self.reports: list[str] = []
        self.supervisor = Supervisor(self.reports.append, upkeep, upkeep_seconds=0.1)
        self._programs = programs
        self._thread = threading.Thread(target=self._work)

    def _work(self) -> None:
        with self.supervisor:
            for one in self._programs:
                self.supervisor.start(one)
            self.supervisor.run()

    def __enter__(self) -> "Run":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.supervisor.ask_to_stop()
        self._thread.join(30)
        assert not self._thread.is_alive()


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.2)
    monkeypatch.setattr(supervisor, "SAME_CTRL_C_SECONDS", 0.2)


def test_a_killed_program_is_started_again_and_told(notes: Path) -> None:
    with Run(program(PATIENT, notes)) as run:
        assert wait_for(lambda: len(pids(notes)) == 1)
        os.kill(pids(notes)[0], signal.SIGKILL)
        assert wait_for(lambda: len(pids(notes)) == 2)
    assert run.reports == ["worker ended (killed by SIGKILL); starting it again in 0.2 s"]
    assert not alive(pids(notes)[1])


def test_pauses_grow_for_a_program_that_keeps_ending() -> None:
    with Run(program("raise SystemExit(3)")) as run:
        assert wait_for(lambda: len(run.reports) == 3)
    assert run.reports == [
        f"worker ended (exit status 3); starting it again in {pause} s" for pause in ("0.2", "0.4", "0.8")
    ]


def test_what_a_killed_program_left_behind_is_ended_before_it_starts_again(notes: Path, tmp_path: Path) -> None:
    orphans = tmp_path / "orphans"
    with Run(program(PARENT, notes, PATIENT, orphans)):
        assert wait_for(lambda: len(pids(orphans)) == 1)
        os.kill(pids(notes)[0], signal.SIGKILL)
        assert wait_for(lambda: len(pids(orphans)) == 2)
        assert not alive(pids(orphans)[0])
    assert not alive(pids(orphans)[1])


def test_a_program_that_will_not_end_is_ended_by_force(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "GRACE_SECONDS", 0.5)
    with Run(program(STUBBORN, notes)):
        assert wait_for(lambda: len(pids(notes)) == 1)
        began = time.monotonic()
    assert 0.5 <= time.monotonic() - began < 5
    assert not alive(pids(notes)[0])


def test_asking_twice_hastens_but_the_echo_of_one_key_press_does_not(notes: Path) -> None:
    with Run(program(STUBBORN, notes)) as run:
        assert wait_for(lambda: len(pids(notes)) == 1)
        run.supervisor.ask_to_stop()
        run.supervisor.ask_to_stop()
        time.sleep(0.5)
        assert alive(pids(notes)[0])
        run.supervisor.ask_to_stop()
        assert wait_for(lambda: not alive(pids(notes)[0]), seconds=3)


def test_upkeep_is_repeated_and_its_failure_told(notes: Path) -> None:
    calls: list[int] = []

    def upkeep() -> None:
        calls.append(1)
        raise RuntimeError("the disk is full")

    with Run(program(PATIENT, notes), upkeep=upkeep) as run:
        assert wait_for(lambda: len(calls) >= 2)
    assert set(run.reports) == {"the disk is full"}


def test_a_program_that_ends_before_it_is_ready_is_an_error() -> None:
    with Supervisor(print) as one:
        one.start(program("raise SystemExit(1)", name="web"))
        with pytest.raises(ProgramFailed, match=r"web ended at once \(exit status 1\)"):
            one.wait_until(lambda: False, "web", 20)


def test_a_program_that_never_gets_ready_is_an_error(notes: Path) -> None:
    with Supervisor(print) as one:
        one.start(program(PATIENT, notes, name="web"))
        with pytest.raises(ProgramFailed, match="web was not ready after 1 s"):
            one.wait_until(lambda: False, "web", 1)
    assert not any(alive(pid) for pid in pids(notes))


def test_waiting_ends_when_somebody_asks_for_the_end(notes: Path) -> None:
    with Supervisor(print) as one:
        one.start(program(PATIENT, notes, name="web"))
        one.ask_to_stop()
        assert one.wait_until(lambda: True, "web", 20) is False


def test_programs_end_with_a_supervisor_that_is_killed(notes: Path, tmp_path: Path) -> None:
    children = tmp_path / "children"
    code = f"""
from config.supervisor import Program, Supervisor
with Supervisor(print) as one:
    one.start(Program("a", {[sys.executable, "-c", PARENT, str(notes), PATIENT, str(children)]!r}))
    one.run()
"""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, start_new_session=True)
    assert wait_for(lambda: len(pids(children)) == 1)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert wait_for(lambda: not any(alive(pid) for pid in pids(notes) + pids(children)))


def test_the_guard_leaves_alone_what_has_ended_before() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
    guard.main([f"+{process.pid}\n", f"-{process.pid}\n"])
    assert process.poll() is None
    process.communicate()


def test_a_second_run_on_the_same_folder_is_refused_with_the_first_ones_address(tmp_path: Path) -> None:
    with (
        running.only_one(tmp_path, "http://127.0.0.1:1"),
        pytest.raises(running.CannotRun, match=rf"already runs .*process {os.getpid()}, http://127.0.0.1:1"),
        running.only_one(tmp_path, "http://127.0.0.1:2"),
    ):
        pass
    with running.only_one(tmp_path, "http://127.0.0.1:2"):
        pass


class Answer(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/healthz" else 500)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    """Of a web server that answers its health check with Answer.status."""
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,)).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (400, True), (500, False), (503, False)])
def test_health_is_an_answer_without_a_servers_error(
    port: int, status: int, healthy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answer, "status", status)
    assert running.serves(running.address("0.0.0.0", port)) is healthy


def test_nobody_listening_is_not_healthy(port: int) -> None:
    assert running.serves(f"http://127.0.0.1:{port + 1 if port < 65535 else port - 1}") is False


def test_a_port_in_use_is_told_with_the_way_out(port: int) -> None:
    with pytest.raises(running.CannotRun, match=rf"127.0.0.1 port {port} \(Address already in use\): set PORT"):
        running.check_port("127.0.0.1", port)
    running.check_port("127.0.0.1", 0)


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:8"), ("::", "http://[::1]:8"), ("box.example", "http://box.example:8")],
)
def test_the_address_is_one_that_this_machine_can_open(host: str, url: str) -> None:
    assert running.address(host, 8) == url
