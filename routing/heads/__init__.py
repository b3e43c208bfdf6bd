"""Reward heads that are trained in the application, on a campaign's own labels."""
