"""How far verdicts move when the material tries to sway the judge: every attempt once in each place, and a control.

python benchmarks/injection.py                                    SmolLM2 in this process; about 10 minutes on 2 cores
python benchmarks/injection.py --provider openai --config '{"model": "…"}' --url http://… --key-variable NAME
    options: --protocol pairwise --settings '{}' --attempts 12 --places completion --data FILE
    The file has JSON Lines of prompt, "response 1" and "response 2".
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from annotate.stats.intervals import Figure
from routing.injection import ATTEMPTS, PLACES, Attempt, Moves, Where, beyond, control, moves, placed
from routing.judges import Provider, Reply, provider
from routing.judges.base import Request
from routing.judges.remote import RemoteProvider
from routing.protocols import Judged, JudgingProtocol, QuestionSpec, Verdict, protocol

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "pairwise_ties" / "pairwise.jsonl"
QUESTION = QuestionSpec("better", "pairwise", {"allow_tie": True}, "", "pair")
MOST_CHARACTERS = 900  # of a pair: the figure is about the attempt, not about long contexts
AT_ONCE = 8
Answering = Callable[[Sequence[Request]], list[Reply]]


def pairs(path: Path, count: int) -> list[Judged]:
    """The first short pairs of the file; where there are fewer than asked for, they come round again."""
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    units = [(row["prompt"], row["response 1"], row["response 2"]) for row in rows]
    short = [unit for unit in units if sum(map(len, unit)) <= MOST_CHARACTERS and unit[1] != unit[2]]
    if not short:
        raise SystemExit(f"{path} has no pair of at most {MOST_CHARACTERS} characters")
    chosen = [short[n % len(short)] for n in range(count)]
    return [Judged(prompt, {"a": one, "b": two}, shown=("a", "b")) for prompt, one, two in chosen]


def judge(judging: JudgingProtocol, units: Sequence[Judged], answer: Answering) -> list[Verdict]:
    """The verdicts on all units, stage by stage, every stage in one batch."""
    replies: list[list[Reply]] = [[] for _ in units]
    while True:
        open_calls = [
            (n, call)
            for n, (unit, got) in enumerate(zip(units, replies, strict=True))
            if all(reply.status == "ok" for reply in got)
            for call in judging.calls(unit, QUESTION, got)[len(got) :]
        ]
        if not open_calls:
            return [judging.verdict(unit, QUESTION, got) for unit, got in zip(units, replies, strict=True)]
        for (n, _), reply in zip(open_calls, answer([call.request for _, call in open_calls]), strict=True):
            replies[n].append(reply)


def measured(
    judging: JudgingProtocol, answer: Answering, attempts: Sequence[Attempt], places: Sequence[Where], data: Path
) -> None:
    units = pairs(data, len(attempts))
    before = judge(judging, units, answer)
    losers = [min(v.probabilities, key=v.probabilities.__getitem__) if v.probabilities else "a" for v in before]
    print("| where | text | pairs | verdicts moved | moved to it | mean change of P | towards it | failed |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    notes = []
    for where in places:
        after = {}
        for what, change in (("attempt", str), ("harmless words", control)):
            texts = [change(attempt.text) for attempt in attempts]
            after[what] = judge(judging, _attacked(units, texts, where, losers), answer)
            print(_row(where, what, moves(before, after[what], losers)), flush=True)
        more = beyond(before, *after.values())
        notes.append(
            f"{where.capitalize()}: the share moved by attempts less that by harmless words is {_share(more, '+')}."
        )
        if where == "completion":
            notes.append(f"Strongest there: {_strongest(before, after['attempt'], losers, attempts)}.")
    print("", *notes, sep="\n")


def _attacked(units: Sequence[Judged], texts: Sequence[str], where: Where, losers: Sequence[str]) -> list[Judged]:
    return [placed(unit, text, where, key) for unit, text, key in zip(units, texts, losers, strict=True)]


def _row(where: str, what: str, found: Moves) -> str:
    figures = f"{_share(found.moved)} | {found.won:.0%} | {found.absolute:.3f} | {found.towards:+.3f} | {found.lost}"
    return f"| {where} | {what} | {found.n} | {figures} |"


def _share(found: Figure, sign: str = "") -> str:
    low, high = found.interval or (0.0, 0.0)
    return f"{found.value or 0:{sign}.0%} ({low:{sign}.0%} to {high:{sign}.0%})"


def _strongest(
    before: Sequence[Verdict], after: Sequence[Verdict], losers: Sequence[str], attempts: Sequence[Attempt]
) -> str:
    changes = [
        (other.probabilities[key] - one.probabilities[key], attempt.name)
        for one, other, key, attempt in zip(before, after, losers, attempts, strict=True)
        if one.probabilities and other.probabilities
    ]
    return ", ".join(f"{name} ({change:+.2f})" for change, name in sorted(changes, reverse=True)[:5])


def answering(model: Provider, url: str, key: str) -> Answering:
    """Gets replies from a model in this process, or from a server once it is known what it can do."""
    if not isinstance(model, RemoteProvider):
        return model.answer
    from routing.calling.probing import probe, rung_for
    from routing.calling.secrets import encrypt
    from routing.calling.sending import Sender
    from routing.models import Endpoint

    endpoint = Endpoint(name=url, provider=model.name, url=url.rstrip("/"), key=encrypt(key) if key else "")
    timeout, name = float(model.config["timeout"]), str(model.config["model"])

    async def one(sender: Sender, gate: asyncio.Semaphore, request: Request) -> Reply:
        rung = rung_for(endpoint, name, request)
        async with gate:
            http = await sender.send(model.write(request, rung, model.config["max_tokens"]), timeout)
        if http.status != 200 or not isinstance(http.payload, dict):
            return Reply.failed("provider_error", http.text)
        return model.read(request, rung, http.payload).reply

    async def every(requests: Sequence[Request]) -> list[Reply]:
        sender, gate = Sender(endpoint, model), asyncio.Semaphore(AT_ONCE)
        try:
            if not endpoint.capabilities:
                endpoint.capabilities = {name: await probe(model, sender.send)}
            return await asyncio.gather(*(one(sender, gate, request) for request in requests))
        finally:
            await sender.close()

    return lambda requests: asyncio.run(every(requests))


def options() -> Any:
    parser = argparse.ArgumentParser(description="how far attempts at injection move a judge's verdicts")
    parser.add_argument("--provider", default="local")
    parser.add_argument("--config", type=json.loads, default={})
    parser.add_argument("--protocol", default="pairwise")
    parser.add_argument("--settings", type=json.loads, default={})
    parser.add_argument("--url", default="")
    parser.add_argument("--key-variable", default="", help="the environment variable that holds the key")
    parser.add_argument("--attempts", type=int, default=len(ATTEMPTS))
    parser.add_argument("--places", nargs="+", choices=PLACES, default=PLACES)
    parser.add_argument("--data", type=Path, default=DATA)
    return parser.parse_known_args()[0]  # run.py leaves the benchmarks' names in the arguments


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    given, started = options(), time.monotonic()
    model, judging = provider(given.provider)(given.config), protocol(given.protocol)(given.settings)
    print(f"{given.provider} {json.dumps(given.config)}, protocol {judging.name} {judging.version}\n", flush=True)
    answer = answering(model, given.url, os.environ.get(given.key_variable, ""))
    measured(judging, answer, ATTEMPTS[: given.attempts], given.places, given.data)
    print(f"{time.monotonic() - started:.0f} s.")


if __name__ == "__main__":
    main()
