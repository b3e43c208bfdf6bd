"""The exchange that fits a judge."""

from annotate.errors import Invalid
from annotate.jobs import Handle
from routing.calling.exchange import Exchange
from routing.calling.inside import InsideExchange
from routing.calling.waits import PATIENT, Waits
from routing.judges import Provider
from routing.judges.remote import RemoteProvider
from routing.models import Judge, JudgeRun


def open_exchange(judge: Judge, run: JudgeRun, handle: Handle, model: Provider, waits: Waits = PATIENT) -> Exchange:
    """Where the replies of a run come from; use it in a `with`. Raises `Invalid` for a judge that has no endpoint."""
    if not isinstance(model, RemoteProvider):
        return InsideExchange(judge, run, handle, model)
    from routing.calling.outside import OutsideExchange

    if judge.endpoint is None:
        raise Invalid(f"{judge} has no endpoint to call; make it anew with one", {"endpoint": "choose one"})
    return OutsideExchange(judge, run, handle, model, judge.endpoint, waits)
