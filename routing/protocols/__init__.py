"""Judging protocols: how a question is put to a model and its replies are read. Loads no model library."""

from routing.protocols.base import (
    Call,
    Judged,
    JudgingProtocol,
    QuestionSpec,
    Verdict,
    VerdictStatus,
    protocol,
    protocols,
    protocols_for,
)

__all__ = [
    "Call",
    "Judged",
    "JudgingProtocol",
    "QuestionSpec",
    "Verdict",
    "VerdictStatus",
    "protocol",
    "protocols",
    "protocols_for",
]
