"""Verdicts that were made elsewhere: read row by row, and stored as those of our own judges are."""
