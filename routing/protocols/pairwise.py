"""The protocol `pairwise`: which of two completions is better, always asked in both orders."""

from typing import ClassVar

from routing.protocols.common.paired import Paired


class PairwiseProtocol(Paired):
    """Which is better, in the question's own words and by the campaign's guidelines.

    Both orders: MT-Bench (arXiv 2306.05685); label probabilities: AlpacaEval 2 (arXiv 2404.04475); here the log-odds
    of both orders are averaged rather than hard verdicts voted.
    """

    name: ClassVar[str] = "pairwise"
    version: ClassVar[int] = 2
    describe: ClassVar[str] = "Compares the two responses in both orders, by the question and the guidelines."
    paper: ClassVar[str] = "MT-Bench, arXiv 2306.05685"
