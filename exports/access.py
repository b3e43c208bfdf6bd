"""Which exports a user may see: those of the campaigns that he runs."""

from pathlib import Path

from django.contrib.auth.models import AnonymousUser

from annotate.access import campaigns_run_by
from annotate.errors import NotFound, WrongState
from annotate.models import User
from exports.models import Export


def export_run_by(user: User | AnonymousUser, pk: int) -> Export:
    found = Export.objects.filter(pk=pk, campaign__in=campaigns_run_by(user)).select_related("campaign").first()
    if found is None:
        raise NotFound("there is no such export, or you do not run its campaign")
    return found


def finished_file(export: Export) -> Path:
    """The file of a finished export. Raises `WrongState` before it is done, `NotFound` where it is gone."""
    if export.state != Export.State.DONE:
        raise WrongState(f"this export is {export.state}; it can be downloaded when it is done")
    path = Path(export.path)
    if not path.is_file():
        raise NotFound("the file of this export is gone from the server; make the export again")
    return path
