"""Uploaded files that wait for their owner to confirm the import: named in the session, so nobody else reaches them."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from annotate.errors import Invalid, NotFound
from annotate.importing.choosing import Candidate, looked_at
from annotate.importing.run import keep_upload
from annotate.models import ImportJob
from annotate.views.request import SignedIn

SESSION_KEY, BEGUN_KEY = "uploads", "imports_begun"
MOST_FILES, MOST_WAITING = 8, 20
Waiting = dict[str, dict[str, Any]]


def keep(request: SignedIn, files: Sequence[UploadedFile[Any]], campaign: str) -> str:
    """Stores the files and returns the unguessable name they wait under.

    `campaign` is the slug they are meant for, empty for a new one. Raises `Invalid` for a file that cannot be read.
    """
    if not 1 <= len(files) <= MOST_FILES:
        raise Invalid(f"choose a file, or up to {MOST_FILES}", {"file": "a file"})
    kept: list[Candidate] = []
    try:
        for file in files:
            name = file.name or "items"
            path = keep_upload(file.chunks(), name)
            try:
                kept.append(looked_at(path, name))
            except Invalid as error:
                path.unlink(missing_ok=True)
                raise Invalid(f"{name}: {error.message}", {"file": error.message}) from error
    except Invalid:
        for one in kept:
            one.path.unlink(missing_ok=True)
        raise
    token = kept[0].path.stem
    waiting: Waiting = dict(request.session.get(SESSION_KEY, {}))
    waiting[token] = {"campaign": campaign, "files": [[one.path.name, one.name[:255]] for one in kept]}
    request.session[SESSION_KEY] = waiting
    for old in list(waiting)[:-MOST_WAITING]:
        discard(request, old)
    return token


def waiting_for(request: SignedIn, token: str, campaign: str) -> list[Candidate]:
    """The files under that name. Raises `NotFound` for another user's, another campaign's, or what is gone."""
    found = request.session.get(SESSION_KEY, {}).get(token)
    if not found or found["campaign"] != campaign:
        raise NotFound("this upload is not waiting any more; upload the file again")
    paths = [(settings.UPLOADS / stored, name) for stored, name in found["files"]]
    if not all(path.exists() for path, _ in paths):
        raise NotFound("this upload is not there any more; upload the file again")
    return [looked_at(path, name) for path, name in paths]


def hand_over(request: SignedIn, token: str, used: Sequence[Candidate], job: ImportJob) -> None:
    """The import owns the `used` files now; the others go."""
    _forget(request, token, {one.path.name for one in used})
    begun = {**request.session.get(BEGUN_KEY, {}), token: job.pk}
    request.session[BEGUN_KEY] = dict(list(begun.items())[-MOST_WAITING:])


def begun_as(request: SignedIn, token: str) -> int | None:
    """The import that the files under that name have become, for who presses the button again."""
    found = request.session.get(BEGUN_KEY, {}).get(token)
    return int(found) if found else None


def discard(request: SignedIn, token: str) -> None:
    _forget(request, token, set())


def _forget(request: SignedIn, token: str, kept: set[str]) -> None:
    waiting: Waiting = dict(request.session.get(SESSION_KEY, {}))
    for stored, _ in waiting.pop(token, {"files": []})["files"]:
        if stored not in kept:
            (settings.UPLOADS / stored).unlink(missing_ok=True)
    request.session[SESSION_KEY] = waiting
