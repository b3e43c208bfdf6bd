"""Where the labels are worse than elsewhere: slices of the campaign against the rest."""

from routing.slices.report import NOTHING, slices

__all__ = ["NOTHING", "slices"]
