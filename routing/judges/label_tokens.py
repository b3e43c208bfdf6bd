"""How labels are spelled in a model's tokens, and how much probability each label has.

A label may take several tokens ("10") and several spellings ("A", " A"). All spellings form a tree; the
model's next-token probabilities are needed at every inner node. A row is the prompt followed by a path
through the tree, and gives the probabilities at every node of its path in one pass.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from routing.judges.registry import ConfigError

Tokens = tuple[int, ...]
LogProbs = Mapping[Tokens, Mapping[int, float]]


@dataclass(frozen=True, slots=True)
class LabelTokens:
    """Labels with their spellings, and the `paths` to append to a prompt so that one pass scores them all."""

    spellings: dict[str, tuple[Tokens, ...]]
    paths: tuple[Tokens, ...]

    def children(self, prefix: Tokens) -> list[int]:
        """The tokens that continue `prefix` (an inner node) towards a label, ascending."""
        depth = len(prefix)
        every = (tokens for spelled in self.spellings.values() for tokens in spelled)
        return sorted({tokens[depth] for tokens in every if tokens[:depth] == prefix and len(tokens) > depth})


def spell(labels: Sequence[str], encode: Callable[[str], Tokens]) -> LabelTokens:
    """Spell each label as `encode` (text → tokens after the generation prompt) does, bare and after a space.

    The spaced spellings are left out, for all labels alike, where they would need a second pass over the
    prompt. Raises ConfigError when two labels are the same to the tokenizer or one has no tokens.
    """
    plain = {label: encode(label) for label in labels}
    owners: dict[Tokens, str] = {}
    for label, tokens in plain.items():
        if not tokens or tokens in owners:
            other = f"is the same as {owners[tokens]!r}" if tokens else "has no tokens"
            raise ConfigError(f"label {label!r} {other} to this model's tokenizer; use distinct labels")
        owners[tokens] = label
    spaced = {label: encode(" " + label) for label in labels}
    both: dict[str, tuple[Tokens, ...]] = {
        label: (tokens, spaced[label]) if spaced[label] not in owners else (tokens,) for label, tokens in plain.items()
    }
    single: dict[str, tuple[Tokens, ...]] = {label: (tokens,) for label, tokens in plain.items()}
    clash = len({tokens for spelled in both.values() for tokens in spelled}) < sum(map(len, both.values()))
    chosen = single if clash or len(_paths(both)) > len(_paths(single)) else both
    return LabelTokens(chosen, _paths(chosen))


def label_masses(tokens: LabelTokens, log_probs: LogProbs) -> dict[str, float]:
    """The probability of each label, before renormalising: a sum over its spellings.

    `log_probs[prefix][token]` is the natural log-probability of `token` after the prompt and `prefix`. Where
    a spelling begins another ("1" and "10"), the longer one's mass is taken off the shorter one's, so the
    labels are disjoint events.
    """
    every = [spelled for spellings in tokens.spellings.values() for spelled in spellings]
    reach = {spelled: math.exp(_log_reach(spelled, log_probs)) for spelled in every}
    return {
        label: sum(max(0.0, reach[s] - sum(reach[t] for t in _next_spelled(s, every))) for s in spellings)
        for label, spellings in tokens.spellings.items()
    }


def _log_reach(spelled: Tokens, log_probs: LogProbs) -> float:
    return sum(log_probs[spelled[:depth]][token] for depth, token in enumerate(spelled))


def _next_spelled(start: Tokens, every: Sequence[Tokens]) -> list[Tokens]:
    """The spellings that continue `start` with no other spelling in between."""
    longer = [s for s in every if _begins(start, s)]
    return [s for s in longer if not any(_begins(between, s) for between in longer)]


def _paths(spellings: Mapping[str, Sequence[Tokens]]) -> tuple[Tokens, ...]:
    every = (tokens for spelled in spellings.values() for tokens in spelled)
    inner = {tokens[:depth] for tokens in every for depth in range(len(tokens))}
    return tuple(sorted(p for p in inner if not any(_begins(p, other) for other in inner)))


def _begins(start: Tokens, tokens: Tokens) -> bool:
    return len(start) < len(tokens) and tokens[: len(start)] == start
