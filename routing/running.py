"""Going on with judge runs that rest."""

from django.db import transaction

from annotate.errors import Invalid
from annotate.jobs import resume
from routing.models import JudgeRun
from routing.pricing import MILLION


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
