"""The figures of the main job: start, memory, import, one annotator, sixteen annotators.

python benchmarks/main_job.py        about two minutes; prints a Markdown table
"""

import collections
import random
import statistics
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.app import App, Client, Page, fresh_folder, pairwise_campaign, running

ITEMS = 10_000
STEPS = 400
PEOPLE, SECONDS = 16, 30
RUNS = 3

Figure = tuple[str, str, str]
"""What, the figure, the target."""


def answer(rng: random.Random) -> dict[str, object]:
    return {"answers": {"overall": {"preferred": rng.choice(["a", "b", None])}}, "active_seconds": 1.5}


def quantile(seconds: list[float], q: float) -> float:
    """In milliseconds."""
    return statistics.quantiles(seconds, n=100)[round(q * 100) - 1] * 1000


def start_up(var: Path) -> Figure:
    times = []
    for _ in range(RUNS):
        with running(var, "--no-demo") as app:
            times.append(app.started)
    return "start with data there, to the first page", f"{statistics.median(times):.1f} s", "< 15 s"


def memory(app: App) -> Figure:
    """Proportional set size of the largest web process, after it has served."""
    sizes = [_pss(pid) for pid in _children(app.process.pid) if b"gunicorn" in _command(pid)]
    return "memory of a web process (PSS, the largest)", f"{max(sizes) / 1024:.0f} MB", "< 180 MB"


def _children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found += [int(stat.parent.name), *_children(int(stat.parent.name))]
    return found


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _pss(pid: int) -> int:
    """In kB."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1])


def imports(app: App, boss: Client) -> Figure:
    times = [pairwise_campaign(app, boss, f"import-{run}", ITEMS)["seconds"] for run in range(RUNS)]
    return f"import of {ITEMS:,} pairwise items over the API", f"{statistics.median(times):.2f} s", "< 5 s"


def one_annotator(app: App, boss: Client) -> list[Figure]:
    pairwise_campaign(app, boss, "alone", ITEMS)
    alone = app.user("alone", "annotator")
    boss.expect(201, "POST", "campaigns/alone/members/", {"user": "alone", "role": "annotator"})
    rng, claims, submits = random.Random(1), [], []
    for _ in range(STEPS):
        start = time.perf_counter()
        assignment = alone.expect(200, "POST", "campaigns/alone/claim/", {})
        middle = time.perf_counter()
        alone.expect(201, "PUT", f"assignments/{assignment['id']}/annotation/", answer(rng))
        claims.append(middle - start)
        submits.append(time.perf_counter() - middle)
    page, pages = Page("alone", "alone"), []
    for _ in range(STEPS):
        start = time.perf_counter()
        page.submit({"overall": rng.choice(["a", "b", "@tie"])})
        pages.append(time.perf_counter() - start)
    return [
        (
            "one annotator, the page: submit that brings the next page, p50 / p95",
            f"{quantile(pages, 0.5):.1f} / {quantile(pages, 0.95):.1f} ms",
            "p50 < 25 ms",
        ),
        ("one annotator: claim, p50 / p95", f"{quantile(claims, 0.5):.1f} / {quantile(claims, 0.95):.1f} ms", ""),
        (
            "one annotator: submit that brings the next item, p50 / p95",
            f"{quantile(submits, 0.5):.1f} / {quantile(submits, 0.95):.1f} ms",
            "p50 < 25 ms",
        ),
    ]


def sixteen_annotators(app: App, boss: Client) -> list[Figure]:
    pairwise_campaign(app, boss, "many", ITEMS, overlap=2)
    people = [(name := f"person-{i}", app.user(name, "annotator")) for i in range(PEOPLE)]
    for name, _ in people:
        boss.expect(201, "POST", "campaigns/many/members/", {"user": name, "role": "annotator"})
    done: list[tuple[str, str, float]] = []
    errors: list[object] = []
    end = time.perf_counter() + SECONDS
    threads = [threading.Thread(target=_work, args=(name, client, end, done, errors)) for name, client in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    served = collections.Counter(item for _, item, _ in done)
    doubled = len(done) - len({(name, item) for name, item, _ in done})
    seconds = [s for *_, s in done]
    return [
        (
            f"{PEOPLE} annotators for {SECONDS} s, annotations a second",
            f"{len(done) / SECONDS:.0f}",
            ">= 100",
        ),
        (
            "  submit that brings the next item, p50 / p95",
            f"{quantile(seconds, 0.5):.0f} / {quantile(seconds, 0.95):.0f} ms",
            "",
        ),
        ("  errors", str(len(errors)), "0"),
        (
            "  items beyond their overlap, or twice to one person",
            str(sum(n > 2 for n in served.values()) + doubled),
            "0",
        ),
    ]


def _work(name: str, client: Client, end: float, done: list[tuple[str, str, float]], errors: list[object]) -> None:
    rng = random.Random(name)
    status, assignment = client.call("POST", "campaigns/many/claim/", {})
    while assignment and time.perf_counter() < end:
        start = time.perf_counter()
        status, reply = client.call("PUT", f"assignments/{assignment['id']}/annotation/", answer(rng))
        if status != 201:
            errors.append((status, reply))
            return
        done.append((name, assignment["item"]["key"], time.perf_counter() - start))
        assignment = reply["next"]


def main() -> None:
    with fresh_folder() as var:
        with running(var, "--no-demo") as app:
            boss = app.user("boss", "researcher")
            figures = [imports(app, boss), *one_annotator(app, boss), *sixteen_annotators(app, boss), memory(app)]
        figures.insert(0, start_up(var))
    print("| what | figure | target |\n| --- | ---: | ---: |")
    for figure in figures:
        print("| " + " | ".join(figure) + " |")


if __name__ == "__main__":
    main()
