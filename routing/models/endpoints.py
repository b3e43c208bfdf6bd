"""Where judges are served: addresses with their keys, limits and health, shared by all workers."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from annotate.models import Organisation


class Endpoint(models.Model):
    """A server of models. `key` is encrypted; it is never shown again and never leaves but to this address.

    `free_from` and `tokens_from` are when the next request, and the next token, fits the limits (a generic cell rate
    algorithm). `failures` counts provider errors in a row; while `open_until` lies ahead nobody calls.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="endpoints")
    name = models.CharField(max_length=100)
    provider = models.CharField(max_length=40)
    url = models.CharField(max_length=500)
    key = models.TextField(blank=True, help_text="encrypted; empty where the server wants none")
    requests_per_minute = models.PositiveIntegerField(null=True)
    tokens_per_minute = models.PositiveIntegerField(null=True)
    concurrency = models.PositiveSmallIntegerField(default=8, help_text="calls under way at once, over all workers")
    capabilities = models.JSONField(default=dict, help_text="{model: what the probe found}")
    free_from = models.DateTimeField(null=True)
    tokens_from = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    openings = models.PositiveIntegerField(default=0, help_text="how often in a row the circuit was opened")
    open_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="endpoint_name"),
            models.CheckConstraint(condition=Q(concurrency__gte=1), name="endpoint_lets_one_in"),
        ]

    def __str__(self) -> str:
        return self.name


class Slots(models.Model):
    """The share of an endpoint's concurrency that one process has until a moment; it renews it while it works."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="slots")
    holder = models.CharField(max_length=32)
    count = models.PositiveSmallIntegerField()
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "holder"], name="slots_of_holder")]

    def __str__(self) -> str:
        return f"{self.count} of {self.endpoint_id}"


class Flight(models.Model):
    """A call that one process is making now, so that nobody else makes the same one. Failures leave nothing behind."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    holder = models.CharField(max_length=32)
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "digest"], name="single_flight")]

    def __str__(self) -> str:
        return self.digest[:12]
