"""Ends the supervisor's children if it dies without doing so: `python -I -S guard.py`, fed through a pipe.

Lines on standard input: `+N` a process group to end, `-N` one that has ended. The pipe's end means that the
supervisor is gone, however it went: on every system, and for the children's children too.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable

GRACE_SECONDS = 10


def main(lines: Iterable[str]) -> None:
    """Follow the lines to the end, then end the groups that are left."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    groups: set[int] = set()
    for line in lines:
        group = int(line[1:])
        groups = groups | {group} if line[0] == "+" else groups - {group}
    groups = {group for group in groups if tell(group, signal.SIGTERM)}
    deadline = time.monotonic() + GRACE_SECONDS
    while groups and time.monotonic() < deadline:
        time.sleep(0.2)
        groups = {group for group in groups if tell(group, 0)}
    for group in groups:
        tell(group, signal.SIGKILL)


def tell(group: int, number: int) -> bool:
    """Send a signal to a process group (0 only asks); False if none of it is left."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS says so of a group of zombies
        return False
    return True


if __name__ == "__main__":
    main(sys.stdin)
