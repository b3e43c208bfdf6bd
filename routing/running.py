"""Going on with judge runs that rest, and giving runs up."""

from django.db import transaction
from django.utils import timezone

from annotate.errors import Invalid
from annotate.jobs import SILENT_AFTER, cancel, resume
from routing.calling.money import MILLION, take_over
from routing.models import JudgeRun


@transaction.atomic
def resume_run(run: JudgeRun, cap: int | None = None) -> None:
    """Sends a resting run to work again, with a cap of so many millionths of a US dollar where one is given.

    Raises `Invalid` for a cap that is spent already, `WrongState` where the run does not rest.
    """
    if cap is not None:
        spent = run.spent + run.unsettled
        if cap <= spent:
            message = f"the run has spent ${spent / MILLION:,.4f} already; a cap that lets it go on is higher"
            raise Invalid(message, {"cap": f"more than {spent / MILLION:,.4f}"})
        JudgeRun.objects.filter(pk=run.pk).update(cap=cap)
    resume(run)


@transaction.atomic
def cancel_run(run: JudgeRun) -> None:
    """Cancels a run; what its process had reserved counts as spent where it fell silent and settles no more.

    Raises `WrongState` for a run that has ended.
    """
    silent = run.heartbeat is None or run.heartbeat < timezone.now() - SILENT_AFTER
    cancel(run)
    if silent:
        JudgeRun.objects.filter(pk=run.pk).update(token="")  # whoever comes back settles nothing
        take_over(run)
        run.refresh_from_db()
