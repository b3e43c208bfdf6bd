"""Starts the application in a folder of its own and talks to it over HTTP, as a client would."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PORT = int(os.environ.get("BENCH_PORT", "8190"))
IDLE = 20
PASSWORD = "correct horse battery 7"


class Client:
    """One annotator's connection, kept open from request to request."""

    def __init__(self, token: str) -> None:
        self.headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)
        self.used = time.monotonic()

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body) if body is not None else None
        if time.monotonic() - self.used > IDLE:  # the server may have closed it
            self.connection.close()
        self.used = time.monotonic()
        self.connection.request(method, f"/api/v1/{path}", data, self.headers)
        response = self.connection.getresponse()
        raw = response.read()
        return response.status, json.loads(raw) if raw else None

    def expect(self, status: int, method: str, path: str, body: Any = None) -> Any:
        got, answer = self.call(method, path, body)
        if got != status:
            raise SystemExit(f"{method} {path}: {got} instead of {status}: {answer}")
        return answer


class Page:
    """An annotator's browser, as far as the server sees it: a session, and the annotation page's own requests."""

    def __init__(self, name: str, slug: str) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies := CookieJar()))
        self.base, self.slug, self.cookies = f"http://127.0.0.1:{PORT}", slug, cookies
        self._open("/login/")
        self._open("/login/", {"username": name, "password": PASSWORD})
        self.next: dict[str, Any] = json.loads(self._open(f"/campaigns/{slug}/annotate/"))

    def submit(self, answers: dict[str, str]) -> None:
        """Submits the form; the answer holds the next item's HTML."""
        reply = json.loads(self._open(f"/assignments/{self.next['id']}/submit/", answers))
        if reply["outcome"] != "created" or "<article" not in reply["next"]["html"]:
            raise SystemExit(f"submitting gave {reply}")
        self.next = reply["next"]

    def _open(self, path: str, form: dict[str, str] | None = None) -> bytes:
        headers = {"Accept": "application/json" if path != "/login/" else "text/html"}
        headers["X-CSRFToken"] = next((c.value or "" for c in self.cookies if c.name == "csrftoken"), "")
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        with self.opener.open(urllib.request.Request(self.base + path, data, headers), timeout=60) as response:
            return bytes(response.read())


class App:
    """A running application. `started` is the seconds from the command to the first page."""

    def __init__(self, var: Path, env: dict[str, str], started: float, process: subprocess.Popen[bytes]) -> None:
        self.var, self.env, self.started, self.process = var, env, started, process

    def manage(self, *args: str, stdin: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *args], cwd=ROOT, env=self.env, input=stdin, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"manage.py {' '.join(args)}: {done.stderr[-500:]}")
        return done.stdout.strip()

    def user(self, name: str, role: str) -> Client:
        self.manage("create_user", name, "--role", role, stdin=PASSWORD + "\n")
        return Client(self.manage("create_token", name).splitlines()[-1])


@contextlib.contextmanager
def running(var: Path, *options: str) -> Iterator[App]:
    """`manage.py up` on `var` until the block ends."""
    env = {**os.environ, "CROSSCHECK_VAR": str(var), "HOST": "127.0.0.1", "PORT": str(PORT)}
    start = time.perf_counter()
    command = [sys.executable, "manage.py", "up", *options]
    with (var / "bench.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        while not _serves():
            if process.poll() is not None or time.perf_counter() - start > 300:
                raise SystemExit(f"the application did not start; see {var}/bench.log")
            time.sleep(0.05)
        yield App(var, env, time.perf_counter() - start, process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _serves() -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
    try:
        connection.request("GET", "/login/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@contextlib.contextmanager
def fresh_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="crosscheck-bench-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def words(seed: int, count: int) -> str:
    """Text of `count` words, different for every seed."""
    return " ".join(f"word{(seed * 31 + i * 7) % 997}" for i in range(count))


def pairwise_rows(count: int) -> bytes:
    """`count` items with two completions of 60 words each, as JSON Lines."""
    rows = (
        {
            "key": f"i{i}",
            "prompt": f"Question {i}: {words(i, 20)}?",
            "completions": [{"key": key, "text": words(i + ord(key), 60)} for key in "ab"],
        }
        for i in range(count)
    )
    return "\n".join(json.dumps(row) for row in rows).encode()


def pairwise_campaign(app: App, boss: Client, slug: str, count: int, overlap: int = 1) -> dict[str, Any]:
    """Creates and launches a campaign of pairwise items; returns its finished import with `seconds`."""
    question = {"name": "overall", "kind": "pairwise", "shows": "all", "config": {"allow_tie": True}}
    spec = {"slug": slug, "name": slug, "overlap": overlap, "questions": [question]}
    boss.expect(201, "POST", "campaigns/", spec)
    rows = pairwise_rows(count)
    start = time.perf_counter()
    job = boss.expect(202, "POST", f"campaigns/{slug}/items/", rows)
    while (state := boss.expect(200, "GET", f"imports/{job['id']}/"))["state"] in ("queued", "running"):
        time.sleep(0.05)
    if state["state"] != "done" or state["done"] != count:
        raise SystemExit(f"the import ended as {state}")
    state["seconds"] = time.perf_counter() - start
    boss.expect(200, "POST", f"campaigns/{slug}/launch/")
    return dict(state)
