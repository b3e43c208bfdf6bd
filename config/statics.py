"""The version of everything under STATIC_URL: part of every address, so that browsers may keep the files for ever."""

import hashlib
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("django", "django-htmx", "djangorestframework")
"""Those that bring static files of their own."""


def static_version(folder: Path) -> str:
    """A digest of the files in `folder` and of the versions of the packages that add theirs."""
    digest = hashlib.sha256(" ".join(version(name) for name in PACKAGES).encode())
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"\0{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]
