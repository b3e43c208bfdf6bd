"""Calls in stages: what is asked next may depend on what came back, and what was asked stays."""

from collections.abc import Callable, Sequence

from routing.judges.base import FreeText, Reply, Request
from routing.protocols.base import Call
from routing.protocols.common.prompting import Ask

Stage = Callable[[Sequence[Reply]], Sequence[tuple[tuple[str, ...], Request]]]
"""From all the replies to earlier stages, what to ask now: the completions' keys and the request; maybe nothing."""
Asks = Callable[[Sequence[Reply]], Sequence[Ask]]


def staged(stages: Sequence[Stage], replies: Sequence[Reply]) -> list[Call]:
    """The calls of the stages that these replies lead to: a stage is reached once all before it are answered."""
    calls: list[Call] = []
    for stage in stages:
        first = len(calls)
        found = stage(replies[:first])
        calls += [Call(first + n, keys, request) for n, (keys, request) in enumerate(found)]
        if len(replies) < len(calls):
            break
    return calls


def asking(asks: Asks, reasoning: bool, earlier: int = 0) -> list[Stage]:
    """The stage that asks for the answers; with `reasoning` one before it that asks for the reasons.

    So the reasons come before the verdict, and a provider that gives label probabilities gives them after the reasons.
    `earlier` is how many replies come before both.
    """
    if not reasoning:
        return [lambda replies: [_request(ask) for ask in asks(replies[:earlier])]]

    def think(replies: Sequence[Reply]) -> list[tuple[tuple[str, ...], Request]]:
        return [(ask.keys, Request(ask.prompt.thinking(), FreeText(), ask.texts)) for ask in asks(replies[:earlier])]

    def answer(replies: Sequence[Reply]) -> list[tuple[tuple[str, ...], Request]]:
        pairs = zip(asks(replies[:earlier]), replies[earlier:], strict=True)
        return [_after(ask, reasons) for ask, reasons in pairs]

    return [think, answer]


def _request(ask: Ask) -> tuple[tuple[str, ...], Request]:
    return ask.keys, Request(ask.prompt.direct(), ask.want, ask.texts)


def _after(ask: Ask, reasons: Reply) -> tuple[tuple[str, ...], Request]:
    return ask.keys, Request(ask.prompt.after(str(reasons.value)), ask.want, ask.texts)
