"""The whole application, started as a newcomer would start it, in a folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery 7"


class Application:
    """`manage.py up` with web, workers, beat and servers. Converted models are shared between runs."""

    def __init__(self, var: Path, models: Path) -> None:
        models.mkdir(parents=True, exist_ok=True)
        (var / "models").symlink_to(models)
        self.url = f"http://127.0.0.1:{_free_port()}"
        own = ("DATABASE_URL", "CELERY_BROKER_URL", "DATABASE_POOL")
        self.env = {key: value for key, value in os.environ.items() if key not in own}
        self.env |= {"CROSSCHECK_VAR": str(var), "HOST": "127.0.0.1", "PORT": self.url.rpartition(":")[2]}
        self.log = (var / "up.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--no-demo"],
            cwd=ROOT,
            env=self.env,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self._wait(Path(self.log.name))

    def _wait(self, log: Path) -> None:
        end = time.monotonic() + 90
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.2)
        self.stop()
        raise RuntimeError(f"the application did not start:\n{log.read_text()}")

    def manage(self, *words: str, stdin: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.env,
            input=stdin,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def user(self, name: str, role: str) -> None:
        self.manage("create_user", name, "--role", role, stdin=PASSWORD + "\n")

    def stop(self) -> int:
        """Ctrl-C; returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(40)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
            self.log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
