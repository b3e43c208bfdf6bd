"""The scheduling overhead of judge runs: verdicts a second with a model that answers at once, 64 calls under way.

python benchmarks/judging.py        about a minute; prints a Markdown table

The run is started over the API, worked off by the Celery worker, and its rows are in PostgreSQL when it is done.
"""

import asyncio
import json
import math
import multiprocessing
import os
import statistics
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.app import App, Client, fresh_folder, running, words

CONCURRENCY = 64
RATED, COMPARED = 6000, 3000
RUNS = 3
TOKENS = {"A": 0.50, "5": 0.40, "B": 0.06, "4": 0.04}
PRICE = {"input": 0.15, "output": 0.6}


def answer() -> bytes:
    """A whole response: a grade of 5, or the first of two, with its log-probabilities."""
    top = [{"token": token, "logprob": math.log(p)} for token, p in TOKENS.items()]
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": "A"},
        "finish_reason": "stop",
        "logprobs": {"content": [{**top[0], "top_logprobs": top}]},
    }
    usage = {"prompt_tokens": 200, "completion_tokens": 1}
    body = json.dumps({"object": "chat.completion", "model": "instant", "choices": [choice], "usage": usage}).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Instant(asyncio.Protocol):
    """Answers every request on a connection as soon as it is there."""

    response = answer()

    def __init__(self) -> None:
        self.buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.buffer[:end]).lower()
            start = head.find(b"content-length:")
            length = int(head[start + 15 :].split(b"\r\n", 1)[0]) if start >= 0 else 0
            if len(self.buffer) < end + 4 + length:
                return
            del self.buffer[: end + 4 + length]
            self.transport.write(self.response)


def serve(pipe: Connection) -> None:
    async def forever() -> None:
        server = await asyncio.get_running_loop().create_server(Instant, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(forever())


def campaign(boss: Client, slug: str, count: int, question: dict[str, Any], completions: str) -> None:
    boss.expect(201, "POST", "campaigns/", {"slug": slug, "name": slug, "questions": [question]})
    rows = [
        {
            "key": f"i{i}",
            "prompt": f"Question {i}: {words(i, 20)}?",
            "completions": [{"key": key, "text": words(i + ord(key), 60)} for key in completions],
        }
        for i in range(count)
    ]
    job = boss.expect(202, "POST", f"campaigns/{slug}/items/", rows)
    while boss.expect(200, "GET", f"imports/{job['id']}/")["state"] in ("queued", "running"):
        time.sleep(0.1)
    boss.expect(200, "POST", f"campaigns/{slug}/launch/")


def judged(boss: Client, slug: str, url: str, count: int) -> float:
    """Verdicts a second of one run, from the request that starts it to its end."""
    endpoint = {"name": slug, "url": url, "concurrency": CONCURRENCY}
    spec = {"name": "instant", "provider": "openai", "config": {"model": "instant"}, "price": PRICE}
    judge = boss.expect(201, "POST", f"campaigns/{slug}/judges/", {**spec, "endpoint": endpoint})
    start = time.perf_counter()
    run = boss.expect(202, "POST", f"judges/{judge['id']}/run/", {})
    while (state := boss.expect(200, "GET", f"judge-runs/{run['id']}/"))["state"] in ("queued", "running"):
        time.sleep(0.2)
    if (state["state"], state["done"]) != ("done", count):
        raise SystemExit(f"the run ended as {state}")
    return count / (time.perf_counter() - start)


def figures(app: App, url: str) -> list[tuple[str, str, str]]:
    boss = app.user("boss", "researcher")
    rating = {"name": "score", "kind": "rating", "shows": "each", "config": {"min": 1, "max": 7}}
    pairwise = {"name": "better", "kind": "pairwise", "shows": "all"}
    kinds = (("rating", rating, "a", RATED, ">= 300"), ("pairwise", pairwise, "ab", COMPARED, ""))
    found = []
    for name, question, completions, count, target in kinds:
        rates = []
        for run in range(RUNS):
            slug = f"{name}-{run}"
            campaign(boss, slug, count, {**question, "title": f"Run {run}"}, completions)
            rates.append(judged(boss, slug, url, count))
        calls = "one call" if name == "rating" else "two calls"
        what = f"a judge that answers at once, {CONCURRENCY} calls under way: {name}, {calls} a verdict"
        found.append((what, f"{statistics.median(rates):.0f} verdicts/s", target))
    return found


def main() -> None:
    os.environ["JUDGE_NETWORKS"] = "127.0.0.0/8"
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{ours.recv()}/v1"
    try:
        with fresh_folder() as var, running(var, "--no-demo") as app:
            rows = figures(app, url)
    finally:
        server.terminate()
    print("| what | figure | target |\n| --- | ---: | ---: |")
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
