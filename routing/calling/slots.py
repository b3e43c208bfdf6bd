"""How many calls may be under way at one endpoint, shared fairly by the runs that use it, over all processes."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from routing.models import Endpoint, Slots

LEASE = timedelta(seconds=15)
"""How long a share outlives a process that died."""
RENEWED_AFTER = 2.0


class Share:
    """One run's share of an endpoint's concurrency. It shrinks and grows as other runs come and go."""

    def __init__(self, endpoint: Endpoint, holder: str) -> None:
        self.endpoint, self.holder = endpoint, holder
        self.count = 0

    @transaction.atomic
    def renew(self, in_use: int) -> int:
        """The present share. It is never smaller than what is in use, so that all shares together keep the limit."""
        locked = Endpoint.objects.select_for_update(no_key=True).values_list("concurrency", flat=True)
        concurrency = locked.get(pk=self.endpoint.pk)
        now = timezone.now()
        rows = Slots.objects.filter(endpoint=self.endpoint)
        rows.filter(until__lt=now).delete()
        others = dict(rows.exclude(holder=self.holder).values_list("holder", "count"))
        free = max(0, concurrency - sum(others.values()))
        self.count = max(min(_fair(concurrency, self.holder, [*others]), free), min(in_use, self.count))
        Slots.objects.update_or_create(
            endpoint=self.endpoint, holder=self.holder, defaults={"count": self.count, "until": now + LEASE}
        )
        return self.count

    def leave(self) -> None:
        Slots.objects.filter(endpoint=self.endpoint, holder=self.holder).delete()


def _fair(concurrency: int, holder: str, others: list[str]) -> int:
    everybody = sorted([holder, *others])
    share, rest = divmod(concurrency, len(everybody))
    return share + (everybody.index(holder) < rest)
