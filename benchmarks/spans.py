"""Marking with 200 spans on a response of 20,000 characters: attaching, editing, scrolling.

python benchmarks/spans.py        half a minute; prints a Markdown table
"""

import json
import statistics
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.app import fresh_folder, running, words
from benchmarks.browsing import browser, campaign, signed_in

SPANS, LENGTH, EDITS, FRAMES = 200, 20_000, 60, 180
FRAME = 1000 / 60
QUESTION: dict[str, Any] = {
    "name": "errors",
    "kind": "span",
    "shows": "each",
    "config": {"labels": ["irrelevant", "redundant", "wrong", "unverifiable"], "severities": ["minor", "major"]},
}

WATCH = """() => {
  window.edits = { script: [], frame: [] };
  let start = 0;
  window.addEventListener("keydown", () => (start = performance.now()), { capture: true });
  window.addEventListener("keydown", () => {
    const began = start;
    window.edits.script.push(performance.now() - began);
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.edits.frame.push(performance.now() - began);
      channel.port2.postMessage(null);
    });
  });
}"""
FILL = """(marks) => {
  const answer = document.querySelector("[data-answer]");
  answer.value = marks;
  answer.form.dispatchEvent(new Event("filled"));
}"""
ATTACH = """async (marks) => {
  const { attach } = await import(new URL("widgets/spans.js", document.querySelector("script[type=module][src]").src));
  const times = [];
  for (let i = 0; i < 7; i += 1) {
    const article = document.querySelector("article.work");
    const copy = article.cloneNode(true);
    copy.querySelector("[data-answer]").value = marks;
    article.replaceWith(copy);
    await new Promise(requestAnimationFrame);
    const start = performance.now();
    attach(copy.querySelector("fieldset"), copy);
    times.push(performance.now() - start);
  }
  return times;
}"""
SCROLL = """async (frames) => {
  const times = [];
  window.scrollTo(0, 0);
  await new Promise(requestAnimationFrame);
  let last = await new Promise(requestAnimationFrame);
  for (let i = 0; i < frames; i += 1) {
    window.scrollBy(0, 24);
    const now = await new Promise(requestAnimationFrame);
    times.push(now - last);
    last = now;
  }
  return times;
}"""


def text() -> str:
    """Markdown of the length wanted, in paragraphs."""
    paragraphs = [f"**{words(i, 3)}** {words(i + 1, 90)}." for i in range(60)]
    return "\n\n".join(paragraphs)[:LENGTH]


def marks(source: str) -> str:
    """Spans all over the text; every fourth lies over the one before."""
    labels = QUESTION["config"]["labels"]
    step = (LENGTH - 100) // SPANS
    starts = [i * step - (step // 2 if i % 4 == 3 else 0) for i in range(SPANS)]
    spans = [
        {"label": labels[i % 4], "start": s, "end": s + 60, "quote": source[s : s + 60], "severity": "minor"}
        for i, s in enumerate(starts)
    ]
    return json.dumps(spans)


def row(what: str, times: list[float], target: float | None = None) -> str:
    p95 = statistics.quantiles(times, n=20)[18]
    goal = f"< {target:.0f} ms" if target else ""
    return f"| {what} | {statistics.median(times):.1f} ms | {p95:.1f} ms | {goal} |"


def edited(page: Page) -> dict[str, list[float]]:
    """Edits by keyboard: to the next mark, longer, another label, gone and back."""
    page.evaluate(WATCH)
    page.keyboard.press("e")
    keys = ["n", "Shift+ArrowRight", "2", "Delete", "Control+z"]
    for i in range(EDITS):
        page.keyboard.press(keys[i % len(keys)])
        page.wait_for_timeout(30)
    found: dict[str, list[float]] = page.evaluate("window.edits")
    return found


def main() -> None:
    source = text()
    rows = [{"prompt": "Mark it.", "completions": [{"key": "a", "text": source}]}]
    with fresh_folder() as var, running(var, "--no-demo") as app, browser() as launched:
        boss = app.user("boss", "researcher")
        app.user("anna", "annotator")
        campaign(app, boss, "spans", [QUESTION], rows)
        page = signed_in(launched, "anna").new_page()
        page.goto("/campaigns/spans/annotate/")
        page.wait_for_function("() => document.querySelector('fieldset.question')?.keyHelp")
        bare = page.evaluate(SCROLL, FRAMES)
        page.evaluate(FILL, marks(source))
        shown = page.evaluate("[...CSS.highlights.values()].reduce((sum, one) => sum + one.size, 0)")
        if shown != SPANS:
            raise SystemExit(f"{shown} of {SPANS} spans are painted")
        print(f"| {SPANS} spans on {LENGTH:,} characters | median | p95 | target |\n| --- | ---: | ---: | ---: |")
        edits = edited(page)
        print(row("an edit by keyboard: script", edits["script"], 16))
        print(row("an edit by keyboard: key to the frame after it", edits["frame"]))
        print(row("scrolling, a frame with the spans", page.evaluate(SCROLL, FRAMES), FRAME + 1))
        print(row("scrolling, a frame without", bare))
        print(row("attaching to the page", page.evaluate(ATTACH, marks(source))), flush=True)


if __name__ == "__main__":
    main()
