"""Calls to models behind HTTP: sending, limits, retries, money. Nothing here knows of campaigns or questions."""
