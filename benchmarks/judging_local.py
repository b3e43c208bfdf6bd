"""A language model in this process: many requests at once against the same requests one by one.

python benchmarks/judging_local.py        about ten minutes on two cores; prints a Markdown table

Both sides are the provider `local` with the same weights and settings; one by one means that each request is a call of
its own, so that nothing is batched, sorted or shared. The sides take turns, and medians are compared.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch

from annotate.kinds.source import Source
from routing.judges import Reply, Request, Structured
from routing.judges.causal import device_of
from routing.judges.local import LocalProvider
from routing.protocols import Judged, QuestionSpec, protocol

RUNS = 3
ALONE = 3  # verdicts a run, one by one
TALK = (
    "people often say that a good answer should be clear and short because long ones take time to read while the point "
    "is lost in many small details which nobody asked for"
)
WORDS = TALK.split()
SCHEMA = {
    "type": "object",
    "properties": {"reasoning": {"type": "string", "minLength": 200, "maxLength": 400}, "better": {"enum": ["A", "B"]}},
    "required": ["reasoning", "better"],
    "additionalProperties": False,
}
POINTS = [
    {"key": f"p{n}", "text": f"Does the response {what}?"}
    for n, what in enumerate(
        (
            "answer the question",
            "keep to the topic",
            "give a reason",
            "avoid repetition",
            "use plain words",
            "name an example",
            "stay polite",
            "come to an end",
        )
    )
]

Case = tuple[str, int, Callable[[int], list[Request]]]
"""What is asked, how many verdicts together, and the requests of the n-th verdict."""


def text(seed: int, count: int) -> str:
    rng = random.Random(seed)
    return " ".join(rng.choice(WORDS) for _ in range(count)).capitalize() + "."


def judged(n: int) -> Judged:
    texts = {key: text(3 * n + place + 1, 130) for place, key in enumerate("ab")}
    source = Source(text(3 * n, 100), points=POINTS)
    return Judged(text(3 * n, 100), texts, shown=("a", "b"), source=source)


def pair_orders(n: int) -> list[Request]:
    question = QuestionSpec("better", "pairwise", {"allow_tie": True}, "Which is better?", "pair")
    return [call.request for call in protocol("pairwise")().calls(judged(n), question)]


def written_verdict(n: int) -> list[Request]:
    """Both orders, with JSON asked for."""
    more = "\nReply with JSON: your reasoning in two sentences, then which is better."
    found = []
    for request in pair_orders(n):
        *before, last = request.messages
        messages = (*before, {**last, "content": last["content"] + more})
        found.append(Request(messages, Structured(SCHEMA), request.texts))
    return found


def points_of_one(n: int) -> list[Request]:
    question = QuestionSpec("points", "checklist", {"points": POINTS}, "Does it?", "each")
    unit = judged(n)
    each = Judged(unit.prompt, unit.completions, shown=("a",), source=unit.source)
    return [call.request for call in protocol("checklist")().calls(each, question)]


CASES: list[Case] = [
    ("JSON of a short reasoning and a verdict, both orders", 16, written_verdict),
    ("eight points of a checklist over one response", 8, points_of_one),
    ("label probabilities of a pair in both orders", 16, pair_orders),
]


def rate(answer: Callable[[], Sequence[Reply]], verdicts: int) -> float:
    started = time.perf_counter()
    replies = answer()
    seconds = time.perf_counter() - started
    failed = [reply.raw.get("error") for reply in replies if reply.status not in ("ok", "truncated")]
    if failed:
        raise SystemExit(f"a reply failed: {failed[0]}")
    return verdicts / seconds


def measured(case: Case, provider: LocalProvider) -> tuple[str, float, float]:
    what, count, requests = case
    alone = [request for n in range(ALONE) for request in requests(n)]
    together = [request for n in range(count) for request in requests(n)]
    singly, at_once = [], []
    for _ in range(RUNS):
        singly.append(rate(lambda: [reply for each in alone for reply in provider.answer([each])], ALONE))
        at_once.append(rate(lambda: provider.answer(together), count))
    return what, statistics.median(singly), statistics.median(at_once)


def dtypes() -> list[str]:
    fast = device_of("auto") == "cuda" or torch.cpu._is_amx_tile_supported()
    return ["float32", "bfloat16"] if fast else ["float32"]


def main() -> None:
    print(f"{device_of('auto')}, {torch.get_num_threads()} threads\n")
    print("| what | dtype | one by one, a second | together, a second | times |\n| --- | --- | ---: | ---: | ---: |")
    for dtype in dtypes():
        provider = LocalProvider({"dtype": dtype})
        provider.answer(written_verdict(0))
        for case in CASES:
            what, singly, at_once = measured(case, provider)
            print(f"| {what} | {dtype} | {singly:.2f} | {at_once:.2f} | {at_once / singly:.1f} |", flush=True)


if __name__ == "__main__":
    main()
