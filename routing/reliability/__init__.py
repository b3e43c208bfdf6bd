"""How far a judge's labels can be trusted: its verdicts against people, against gold and against themselves."""

from routing.reliability.summary import reliability

__all__ = ["reliability"]
