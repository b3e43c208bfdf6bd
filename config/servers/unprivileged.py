"""Run a command as another user: `python -I -S unprivileged.py UID GID FOLDER COMMAND [ARGUMENT ...]`.

PostgreSQL refuses root. Where the other user may not enter the folders above FOLDER or above COMMAND (a clone
under /root), the command keeps one Linux capability, to pass over file permissions; no permission is changed.
"""

import ctypes
import os
import sys
from pathlib import Path

CAP_DAC_OVERRIDE = 1 << 1
PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP = 28, 1 << 2
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
LINUX_CAPABILITY_VERSION_3 = 0x20080522


def main(uid: int, gid: int, folder: str, command: list[str]) -> None:
    """Become the user, then the command."""
    if sys.platform == "linux":  # else setuid drops every capability, and access(2) overlooks those kept
        ctypes.CDLL(None).prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if sys.platform == "linux":
        set_capabilities(effective=0)
        if not reachable(folder, command[0]):
            set_capabilities(effective=CAP_DAC_OVERRIDE)
    if not reachable(folder, command[0]):
        sys.exit(refusal(uid, folder, command[0]))
    os.execv(command[0], command)


def reachable(folder: str, program: str) -> bool:
    """Whether we may read and write the folder and run the program."""
    return os.access(folder, os.R_OK | os.W_OK | os.X_OK) and os.access(program, os.X_OK)


def set_capabilities(effective: int) -> None:
    """Give up all but CAP_DAC_OVERRIDE; the command has it only if it is in `effective`."""
    libc = ctypes.CDLL(None)
    header = (ctypes.c_uint32 * 2)(LINUX_CAPABILITY_VERSION_3, 0)
    permitted, inheritable = CAP_DAC_OVERRIDE, effective
    libc.capset(header, (ctypes.c_uint32 * 6)(effective, permitted, inheritable, 0, 0, 0))
    if effective:
        libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE.bit_length() - 1, 0, 0)


def refusal(uid: int, folder: str, program: str) -> str:
    """What is wrong and what would be right."""
    return (
        f"PostgreSQL refuses root, so it runs as user {uid}, who cannot reach {folder} "
        f"or {Path(program).parent}: start Crosscheck as an ordinary user, or keep it and CROSSCHECK_VAR "
        "where others may enter"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
