"""From the key that submits to the next item on the screen, with 100 ms of network delay.

python benchmarks/page_paint.py        about two minutes; prints a Markdown table
"""

import statistics
import sys
from pathlib import Path

from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.app import fresh_folder, running, words
from benchmarks.browsing import LATENCY, browser, campaign, delayed, signed_in

SUBMITS = 80
BETTER = {"name": "better", "kind": "pairwise", "config": {"strengths": ["slightly", "clearly"]}}
SIZES = {"short": 60, "long": 1500}
"""Words of a response."""

MEASURE = """() => {
  window.painted = [];
  window.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const start = event.timeStamp;
    const before = document.querySelector("article.work").dataset.id;
    const look = () => {
      const now = document.querySelector("article.work")?.dataset.id;
      if (!now || now === before) return requestAnimationFrame(look);
      // The next item is in the document; the frame after the one that shows it says that it was painted.
      requestAnimationFrame(() => requestAnimationFrame(() => window.painted.push(performance.now() - start)));
    };
    queueMicrotask(look);
  }, { capture: true });
}"""


def times(page: Page) -> list[float]:
    """Milliseconds from the keydown to the painted item, submit by submit, at an annotator's pace."""
    page.wait_for_selector("html.scripted")
    page.evaluate(MEASURE)
    page.wait_for_timeout(1000)
    for done in range(SUBMITS):
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.wait_for_function("(n) => document.getElementById('done').textContent == n", arg=done + 1)
        page.wait_for_timeout(300)
    return [float(time) for time in page.evaluate("window.painted")]


def main() -> None:
    print(f"| submit to the next item painted, {LATENCY} ms delay | median | p95 | target |")
    print("| --- | ---: | ---: | ---: |")
    with fresh_folder() as var, running(var, "--no-demo") as app, browser() as launched:
        boss = app.user("boss", "researcher")
        app.user("anna", "annotator")
        for name, size in SIZES.items():
            rows = [
                {"prompt": words(i, 30), "completions": [{"text": words(i * 2 + side, size)} for side in (0, 1)]}
                for i in range(SUBMITS + 5)
            ]
            campaign(app, boss, name, [BETTER], rows)
            context = signed_in(launched, "anna")
            page = context.new_page()
            delayed(page)
            page.goto(f"/campaigns/{name}/annotate/")
            found = times(page)
            if len(found) < SUBMITS:
                raise SystemExit(f"{len(found)} of {SUBMITS} submits were seen")
            p95 = statistics.quantiles(found, n=20)[18]
            what = f"{SUBMITS} comparisons of {size}-word responses"
            print(f"| {what} | {statistics.median(found):.0f} ms | {p95:.0f} ms | p95 < 100 ms |", flush=True)
            context.close()


if __name__ == "__main__":
    main()
