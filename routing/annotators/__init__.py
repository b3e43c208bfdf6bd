"""How each annotator answers, held against the others: many signals, no score of anybody."""

from routing.annotators.report import NOTHING, annotator_details, annotators

__all__ = ["NOTHING", "annotator_details", "annotators"]
