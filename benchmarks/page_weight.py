"""What the annotation page weighs with every kind on it, and how soon its text is on the screen.

python benchmarks/page_weight.py        half a minute; prints a Markdown table
"""

import statistics
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.app import ROOT, fresh_folder, running, words
from benchmarks.browsing import LATENCY, browser, campaign, delayed, signed_in

RUNS = 5
QUESTIONS: list[dict[str, Any]] = [
    {"name": "better", "kind": "pairwise", "config": {"strengths": ["slightly", "clearly"]}},
    {"name": "score", "kind": "rating", "config": {"min": 0, "max": 100, "widget": "slider"}},
    {"name": "order", "kind": "ranking"},
    {"name": "points", "kind": "checklist", "config": {"points": ["Is it true?", "Is it kind?"]}},
    {"name": "errors", "kind": "span", "config": {"labels": ["wrong", "rude"]}},
    {"name": "flaws", "kind": "choice", "config": {"options": ["yes", "no"]}},
    {"name": "better-text", "kind": "text", "config": {"per": "completion", "prefill": True}},
]


class Weighed:
    """The scripts and styles that a page received: compressed and whole bytes by address."""

    def __init__(self, page: Page) -> None:
        self.session = delayed(page, 0)
        self.kinds: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.compressed: dict[str, int] = {}
        self.whole: dict[str, int] = {}
        self.session.on("Network.responseReceived", self._response)
        self.session.on("Network.dataReceived", self._data)

    def _response(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = event["type"]
        self.names[event["requestId"]] = event["response"]["url"]

    def _data(self, event: dict[str, Any]) -> None:
        request = event["requestId"]
        self.compressed[request] = self.compressed.get(request, 0) + event["encodedDataLength"]
        self.whole[request] = self.whole.get(request, 0) + event["dataLength"]

    def of(self, *types: str) -> tuple[int, int]:
        """Compressed and whole bytes of these types."""
        found = [request for request, kind in self.kinds.items() if kind in types]
        return sum(self.compressed.get(r, 0) for r in found), sum(self.whole.get(r, 0) for r in found)


def weigh(launched: Browser) -> list[tuple[str, str, str]]:
    """Opens the page, uses what loads only when it is used, and adds up."""
    context = signed_in(launched, "anna")
    page = context.new_page()
    weighed = Weighed(page)
    page.goto("/campaigns/weight/annotate/")
    page.wait_for_selector("html.scripted")
    page.keyboard.press("d")
    page.wait_for_selector("[data-action=differences][aria-pressed=true]", state="attached")
    page.wait_for_timeout(1000)
    loaded = {name.rsplit("/static/", 1)[-1].split("/", 1)[-1] for name in weighed.names.values()}
    widgets = {str(path.relative_to(ROOT / "static")) for path in (ROOT / "static/js/widgets").glob("*.js")}
    if missing := widgets - loaded:
        raise SystemExit(f"no question loaded {', '.join(sorted(missing))}: add one that does")
    context.close()
    script, style = weighed.of("Script"), weighed.of("Stylesheet")
    both, whole = script[0] + style[0], script[1] + style[1]
    return [
        ("JavaScript and CSS, every kind, compressed", f"{both / 1024:.1f} KB", "<= 80 KB"),
        ("  of which JavaScript", f"{script[0] / 1024:.1f} KB", ""),
        ("  before compression", f"{whole / 1024:.0f} KB", ""),
    ]


def text_on_screen(launched: Browser, latency: int) -> tuple[float, float]:
    """Milliseconds to the first painted text, with an empty cache and with a filled one: medians."""
    cold: list[float] = []
    warm: list[float] = []
    for _ in range(RUNS):
        context = signed_in(launched, "anna")
        for times in (cold, warm):
            page = context.new_page()
            delayed(page, latency)
            page.goto("/campaigns/reading/annotate/")
            paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
            page.wait_for_function(paint)
            times.append(float(page.evaluate(paint)))
            page.close()
        context.close()
    return statistics.median(cold), statistics.median(warm)


def main() -> None:
    with fresh_folder() as var, running(var, "--no-demo") as app, browser() as launched:
        boss = app.user("boss", "researcher")
        app.user("anna", "annotator")
        rows = [
            {"prompt": words(i, 30), "completions": [{"text": words(i * 2 + side, 300)} for side in (0, 1)]}
            for i in range(20)
        ]
        campaign(app, boss, "weight", QUESTIONS, rows)
        campaign(app, boss, "reading", QUESTIONS[:1], rows)
        figures = weigh(launched)
        for latency in (0, LATENCY):
            cold, warm = text_on_screen(launched, latency)
            delay = f", {latency} ms delay" if latency else ""
            figures.append((f"text on the screen, cold / warm{delay}", f"{cold:.0f} / {warm:.0f} ms", ""))
    print("| what | figure | target |\n| --- | ---: | ---: |")
    for figure in figures:
        print("| " + " | ".join(figure) + " |")


if __name__ == "__main__":
    main()
