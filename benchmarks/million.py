"""A million annotations: how long a full refresh of the reports takes, with what memory, and how fast their pages are.

python benchmarks/million.py [annotations]        about four minutes; prints a Markdown table
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.app import PASSWORD, PORT, ROOT, Client, fresh_folder, running
from benchmarks.million_rows import SLUG

TIMES = 9
REFRESH = "refresh"
DETAILS = "annotator_details"  # is shown by pages of their own
Figure = tuple[str, str, str]


class Session:
    """A researcher's browser, as far as the server sees it."""

    def __init__(self, name: str) -> None:
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.get("/login/")
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrftoken")
        self.get("/login/", {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token or ""})

    def get(self, path: str, form: dict[str, str] | None = None) -> None:
        data = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", data)
        with self.opener.open(request, timeout=60) as response:
            response.read()


def manage(var: Path, *words: str, stdin: str = "") -> str:
    env = {**os.environ, "CROSSCHECK_VAR": str(var)}
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=env, input=stdin, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: {done.stderr[-2000:]}")
    return done.stdout.strip().splitlines()[-1]


def refreshed() -> None:
    """In a process of its own: refreshes the campaign as a worker does, and prints what that took."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from config import boot

    boot.start_servers()
    from annotate.models import Campaign
    from routing.models import Report
    from routing.reports import failures_of, refresh

    campaign, start = Campaign.objects.get(slug=SLUG), time.perf_counter()
    took = dict(refresh(campaign))
    whole = time.perf_counter() - start
    sizes = {report.name: len(json.dumps(report.data)) for report in Report.objects.filter(campaign=campaign)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = {"took": took, "whole": whole, "peak": peak, "sizes": sizes, "failures": dict(failures_of(campaign))}
    print(json.dumps(found))


def of_refresh(found: dict[str, Any]) -> list[Figure]:
    if found["failures"]:
        raise SystemExit(f"reports could not be computed: {found['failures']}")

    return [
        ("full refresh of all reports", f"{found['whole']:.1f} s", "< 60 s"),
        *(
            (f"  {name}", f"{took:.1f} s, {found['sizes'][name] / 1024:.0f} KB", "")
            for name, took in found["took"].items()
        ),
        ("memory of the process at its highest", f"{found['peak'] / 1024**2:.2f} GB", "< 1.5 GB"),
    ]


def of_pages(session: Session, client: Client, reports: list[str]) -> list[Figure]:
    """Each report has a page and an address in the API of its name; the summary has a page."""
    figures = []
    for name in ["quality", *reports]:
        page = [timed(lambda name=name: session.get(f"/campaigns/{SLUG}/{name}/")) for _ in range(TIMES)]
        figures.append((f"page {name}, p50", f"{statistics.median(page) * 1000:.0f} ms", "< 300 ms"))
        if name != "quality":
            path = f"campaigns/{SLUG}/{name}/"
            api = [timed(lambda path=path: client.expect(200, "GET", path)) for _ in range(TIMES)]
            figures.append((f"API {name}, p50", f"{statistics.median(api) * 1000:.0f} ms", "< 300 ms"))
    return figures


def timed(action: Any) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main(annotations: int) -> None:
    with fresh_folder() as var:
        manage(var, "manage.py", "migrate", "--verbosity", "1")
        manage(var, "manage.py", "create_user", "boss", "--role", "researcher", stdin=PASSWORD + "\n")
        start = time.perf_counter()
        count = int(manage(var, "benchmarks/million_rows.py", str(annotations)))
        written = time.perf_counter() - start
        found = json.loads(manage(var, "benchmarks/million.py", REFRESH))
        with running(var, "--no-demo") as app:
            client = Client(app.manage("create_token", "boss").splitlines()[-1])
            figures = of_refresh(found) + of_pages(
                Session("boss"), client, [name for name in found["took"] if name != DETAILS]
            )
    print(f"{count:,} annotations, written in {written:.0f} s\n")
    print("| what | figure | target |\n| --- | ---: | ---: |")
    for figure in figures:
        print("| " + " | ".join(figure) + " |")


if __name__ == "__main__":
    refreshed() if sys.argv[1:] == [REFRESH] else main(int((sys.argv[1:] or ["1000000"])[0]))
