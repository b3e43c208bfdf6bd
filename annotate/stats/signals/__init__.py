"""Signals about annotators: what one of them does unlike the others, each for all annotators at once."""
