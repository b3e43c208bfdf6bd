"""Keeps the programs of one machine running: web, workers, beat.

Each program is the leader of its own session, so that a Ctrl-C in the terminal reaches the supervisor alone,
which then stops them. If the supervisor is killed, its guard (see guard.py) ends them.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

GRACE_SECONDS = 10.0
BURIED_SECONDS = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
STEADY_SECONDS = 60.0
POLL_SECONDS = 0.2
SAME_CTRL_C_SECONDS = 1.0


class ProgramFailed(RuntimeError):
    """A program that the others need ended before it was ready."""


@dataclass(frozen=True)
class Program:
    """A command to keep running; `name` is what messages call it."""

    name: str
    command: Sequence[str]


@dataclass
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = field(default_factory=lambda: FIRST_PAUSE)
    due: float = 0.0


class Supervisor:
    """Starts programs, restarts what dies, stops all. Use it as a context: leaving it stops everything.

    `upkeep`, if given, is called every `upkeep_seconds` while the programs run; its exceptions are reported.
    """

    def __init__(
        self,
        report: Callable[[str], None],
        upkeep: Callable[[], None] | None = None,
        upkeep_seconds: float = 5.0,
    ) -> None:
        self._report = report
        self._upkeep = upkeep
        self._upkeep_seconds = upkeep_seconds
        self._children: list[_Child] = []
        self._stopping = False  # no Event: setting one in a signal handler may block for ever
        self._hurry = False
        self._asked = 0.0

    def __enter__(self) -> "Supervisor":
        self._guard = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(__file__).with_name("guard.py"))],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        with contextlib.suppress(BrokenPipeError):
            self._guard.communicate()

    @property
    def stopping(self) -> bool:
        """Whether somebody asked for the end."""
        return self._stopping

    def start(self, program: Program) -> None:
        """Start a program and keep it running."""
        child = _Child(program)
        self._children.append(child)
        self._launch(child)

    def wait_until(self, ready: Callable[[], bool], program: str, seconds: float) -> bool:
        """Wait for `ready`; False if somebody asked for the end first.

        Raises:
            ProgramFailed: the named program ended, or `seconds` passed.
        """
        child = next(child for child in self._children if child.program.name == program)
        deadline = time.monotonic() + seconds
        while not self._stopping:
            time.sleep(POLL_SECONDS)
            if child.process is not None and child.process.poll() is not None:
                raise ProgramFailed(f"{program} ended at once ({_how(child.process.returncode)}); see above for why")
            if ready():
                return True
            if time.monotonic() > deadline:
                raise ProgramFailed(f"{program} was not ready after {seconds:.0f} s")
        return False

    def run(self) -> None:
        """Restart what dies, after growing pauses, until somebody asks for the end."""
        upkeep_due = time.monotonic() + self._upkeep_seconds
        while not self._stopping:
            time.sleep(POLL_SECONDS)
            for child in self._children:
                self._look_after(child)
            if self._upkeep and time.monotonic() >= upkeep_due:
                try:
                    self._upkeep()
                except Exception as error:  # whatever it was, the programs still need us
                    self._report(str(error))
                upkeep_due = time.monotonic() + self._upkeep_seconds

    def ask_to_stop(self, *_: int | FrameType | None) -> None:
        """End `run`; asked again, later than one key press echoes, end in haste. Fit as a signal handler."""
        now = time.monotonic()
        if self._stopping and now - self._asked > SAME_CTRL_C_SECONDS:
            self._hurry = True
        elif not self._stopping:
            self._asked = now
        self._stopping = True

    def stop(self) -> None:
        """Ask every program to end (SIGTERM); end by force what has not after GRACE_SECONDS, or in haste."""
        self._stopping = True
        for process in self._running():
            process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        while list(self._running()) and time.monotonic() < deadline and not self._hurry:
            time.sleep(0.05)
        for child in self._children:
            self._bury(child)

    def _running(self) -> Iterator[subprocess.Popen[bytes]]:
        for child in self._children:
            if child.process is not None and child.process.poll() is None:
                yield child.process

    def _launch(self, child: _Child) -> None:
        child.process = subprocess.Popen(child.program.command, stdin=subprocess.DEVNULL, start_new_session=True)
        child.started = time.monotonic()
        self._tell_guard("+", child.process.pid)

    def _look_after(self, child: _Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.due:
                self._launch(child)
        elif (code := child.process.poll()) is not None:
            self._bury(child)
            if now - child.started > STEADY_SECONDS:
                child.pause = FIRST_PAUSE
            self._report(f"{child.program.name} ended ({_how(code)}); starting it again in {child.pause:g} s")
            child.due = now + child.pause
            child.pause = min(2 * child.pause, LONGEST_PAUSE)

    def _bury(self, child: _Child) -> None:
        """End what is left of a program: itself, and the processes it made.

        Waits for them too: a large one takes a moment to die, and holds its lock on the servers until then.
        """
        if child.process is None:
            return
        group = child.process.pid
        deadline = time.monotonic() + BURIED_SECONDS
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
            child.process.wait()
            while time.monotonic() < deadline:
                os.killpg(group, 0)
                time.sleep(0.02)
        child.process.wait()
        self._tell_guard("-", child.process.pid)
        child.process = None

    def _tell_guard(self, sign: str, group: int) -> None:
        pipe = self._guard.stdin
        with contextlib.suppress(BrokenPipeError):  # a killed guard guards nothing, but that is no reason to stop
            if pipe is not None:
                pipe.write(f"{sign}{group}\n")
                pipe.flush()


def _how(code: int) -> str:
    if code >= 0:
        return f"exit status {code}"
    return f"killed by {signal.Signals(-code).name}"
