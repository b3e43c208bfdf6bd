"""How patient the machinery of calls is; tests make it less so."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waits:
    """Times in seconds.

    A failing request is sent at most `tries` times, after `first_delay`, then twice as long each time, with full
    jitter, never more than `longest_delay`. After `opens_after` failures in a row nobody calls the endpoint for
    `first_opening`, then twice as long each time up to `longest_opening`; a run that finds it failing for
    `gives_up_after`, or is asked to wait longer than `longest_wait`, is paused. A call takes no longer than the judge's
    `timeout`, and never longer than `longest_call`.
    """

    tries: int = 6
    first_delay: float = 1.0
    longest_delay: float = 60.0
    longest_wait: float = 300.0
    opens_after: int = 8
    first_opening: float = 5.0
    longest_opening: float = 120.0
    gives_up_after: float = 600.0
    longest_call: float = 3600.0


PATIENT = Waits()
