"""Pairs of whole conversations, as TRL's RewardTrainer takes them."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from exports.formats.base import MESSAGES, TRACE, Format, Pair, trace
from exports.formats.preference import conversation


class Reward(Format[Pair]):
    """`chosen`, `rejected` as conversations; `margin` in every row where every question asked has strengths."""

    name = "reward"
    title = "Reward pairs"
    describe = "chosen and rejected conversations, with a margin where strengths were asked: for TRL's RewardTrainer"

    def row(self, read: Pair, options: Mapping[str, Any]) -> dict[str, Any]:
        margin = {"margin": float(read.strength or 0.0)} if options["margin"] else {}
        return {
            "chosen": conversation(read.prompt, read.chosen),
            "rejected": conversation(read.prompt, read.rejected),
            **margin,
            **trace(read),
        }

    def schema(self, options: Mapping[str, Any]) -> pa.Schema:
        margin = [("margin", pa.float64())] if options["margin"] else []
        return pa.schema([("chosen", MESSAGES), ("rejected", MESSAGES), *margin, *TRACE])
