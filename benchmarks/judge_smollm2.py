"""How far SmolLM2-135M agrees with people on real pairs, through the whole application: what its report says.

python benchmarks/judge_smollm2.py [PAIRS]        about a second and a half a pair; prints a Markdown table

It reads the 800 human preferences beside a checkout (`../shared/data/pairwise_ties`) and draws a seeded sample.
"""

import json
import random
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.app import App, Client, fresh_folder, running

DATA = Path(__file__).resolve().parents[2] / "shared/data/pairwise_ties/pairwise.jsonl"
PAIRS, SEED = 150, 7
PREFERRED = {0: "a", 1: "b", 2: None}
SLUG, JUDGE = "ties", "smollm2"
Figures = Mapping[str, Any]


def sample(count: int) -> list[dict[str, Any]]:
    """Items with the label of one person each, as import rows."""
    if not DATA.exists():
        raise SystemExit(f"there is no {DATA}: the research data is not beside this checkout")
    rows = [json.loads(line) for line in DATA.read_text().splitlines()]
    chosen = sorted(random.Random(SEED).sample(range(len(rows)), min(count, len(rows))))
    return [_item(number, rows[number]) for number in chosen]


def _item(number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    answer = {"better": {"preferred": PREFERRED[row["label"]]}}
    return {
        "key": f"pair-{number}",
        "prompt": row["prompt"],
        "completions": [{"key": "a", "text": row["response 1"]}, {"key": "b", "text": row["response 2"]}],
        "annotations": [{"annotator": "a person", "kind": "human", "answers": answer}],
    }


def judged(app: App, items: list[dict[str, Any]]) -> Figures:
    """The report on the judge after a run over the items, with the seconds that the run took."""
    boss = app.user("boss", "researcher")
    question = {"name": "better", "kind": "pairwise", "shows": "all", "config": {"allow_tie": True}}
    boss.expect(201, "POST", "campaigns/", {"slug": SLUG, "name": SLUG, "questions": [question]})
    job = boss.expect(202, "POST", f"campaigns/{SLUG}/items/", items)
    ended(boss, f"imports/{job['id']}/", len(items))
    boss.expect(200, "POST", f"campaigns/{SLUG}/launch/")
    judge = boss.expect(201, "POST", f"campaigns/{SLUG}/judges/", {"name": JUDGE, "provider": "local"})
    start = time.perf_counter()
    run = boss.expect(202, "POST", f"judges/{judge['id']}/run/")
    ended(boss, f"judge-runs/{run['id']}/", len(items))
    seconds = time.perf_counter() - start
    return {**boss.expect(200, "GET", f"judges/{judge['id']}/report/"), "seconds": seconds}


def ended(boss: Client, path: str, total: int) -> None:
    """Waits for a job to be done, and says now and then how far it is."""
    said = time.perf_counter()
    while (state := boss.expect(200, "GET", path))["state"] in ("queued", "running"):
        if time.perf_counter() - said > 15:
            said = time.perf_counter()
            print(f"{path} {state['done']} of {total}", file=sys.stderr, flush=True)
        time.sleep(0.2)
    if state["state"] != "done":
        raise SystemExit(f"{path} ended as {state}")


def lines(report: Figures) -> list[tuple[str, str]]:
    question = report["questions"][0]
    held, orders = question["against"]["people"], question["orders"]
    accuracy, calibrated, known = held["accuracies"], held["calibrated_agreement"], held["calibration"]
    return [
        ("valid verdicts", share(question["validity"])),
        ("flips", share(orders["flip"])),
        ("first slot, of all single verdicts", share(orders["first_slot"])),
        ("slot bias, log-odds", number(orders["slot_bias"])),
        ("accuracy, single", share(accuracy["single"])),
        ("accuracy, strict", share(accuracy["strict"])),
        ("accuracy, JudgeBench", share(accuracy["judgebench"])),
        ("accuracy, both orders averaged", share(accuracy["averaged"])),
        ("“longer wins”", share(held["longer_wins"])),
        ("agreement as it answers, ties included", share(held["agreement"]["percent"])),
        ("agreement averaged and calibrated out of fold, ties included", share(calibrated["percent"])),
        ("  its kappa", number(calibrated["kappa"])),
        ("ECE before", number(known["before"]["ece"])),
        ("ECE calibrated out of fold", number(known["after"]["ece"])),
        ("seconds a pair, model loaded in the run", f"{report['seconds'] / question['n']:.2f}"),
    ]


def share(figure: Figures) -> str:
    return written(figure, lambda value: f"{100 * value:.1f} %")


def number(figure: Figures) -> str:
    return written(figure, lambda value: f"{value:.3f}")


def written(figure: Figures, write: Any) -> str:
    if figure["value"] is None:
        return f"none ({figure['method']})"
    low, high = figure["interval"] or (None, None)
    interval = "no interval" if low is None else f"{write(low)} to {write(high)}"
    return f"{write(figure['value'])} ({interval}; n = {figure['n']})"


def main() -> None:
    items = sample(int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdecimal() else PAIRS)
    with fresh_folder() as var, running(var, "--no-demo") as app:
        report = judged(app, items)
    print(f"| SmolLM2-135M on {len(items)} pairs, against one person each | 95 % interval over prompts |")
    print("| --- | ---: |")
    for what, figure in lines(report):
        print(f"| {what} | {figure} |")


if __name__ == "__main__":
    main()
