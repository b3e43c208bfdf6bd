"""The cache of replies, and single flight: of equal calls in an organisation one is made, the others wait for it."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from routing.models import Flight, JudgeCall

LEASE = timedelta(seconds=120)
RENEWED_AFTER = 20.0
TAKE = """
    INSERT INTO routing_flight (organisation_id, digest, holder, until)
    SELECT %(organisation)s, digest, %(holder)s, clock_timestamp() + %(lease)s
    FROM unnest(%(digests)s::text[]) AS digest
    ON CONFLICT (organisation_id, digest) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE routing_flight.until < clock_timestamp() OR routing_flight.holder = excluded.holder
    RETURNING digest
"""


def replies_stored(organisation: int, digests: Collection[str]) -> dict[str, JudgeCall]:
    """The good replies that the organisation has for these requests; failures are never among them."""
    calls = JudgeCall.objects.filter(
        request_digest__in=digests, status="ok", judge__campaign__organisation=organisation
    )
    return {call.request_digest: call for call in calls.defer("request").order_by("-pk")}


class Flights:
    """The calls that a run is making; `holder` names it."""

    def __init__(self, organisation: int, holder: str) -> None:
        self.organisation, self.holder = organisation, holder

    def take(self, digests: Collection[str]) -> set[str]:
        """Those of these calls that this process is to make; somebody else is making the others now."""
        if not digests:
            return set()
        values: dict[str, Any] = {
            "organisation": self.organisation,
            "holder": self.holder,
            "lease": LEASE,
            # In one order everywhere, so that two processes never wait for each other.
            "digests": sorted(digests),
        }
        with connection.cursor() as cursor:
            cursor.execute(TAKE, values)
            return {digest for (digest,) in cursor.fetchall()}

    def renew(self) -> None:
        Flight.objects.filter(holder=self.holder).update(until=timezone.now() + LEASE)

    def land(self, digests: Sequence[str]) -> None:
        """These are made, or given up. Call it in the transaction that stores what came."""
        Flight.objects.filter(organisation=self.organisation, digest__in=digests, holder=self.holder).delete()

    def land_all(self) -> None:
        Flight.objects.filter(holder=self.holder).delete()
