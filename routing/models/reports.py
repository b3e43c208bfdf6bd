"""Computed reports, kept with what they saw."""

from django.db import models
from django.db.models.functions import Now

from annotate.models import Campaign


class Report(models.Model):
    """A computed report of a campaign, and the newest annotation that it saw."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="reports")
    name = models.CharField(max_length=40)
    data = models.JSONField()
    seen_until = models.DateTimeField(null=True, help_text="changed_at of the newest annotation it saw")
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "name"], name="report_name")]

    def __str__(self) -> str:
        return f"{self.name} of {self.campaign_id}"


class WinRate(models.Model):
    """Imported: how a model trained on one protocol's feedback fares in an evaluation by one protocol.

    The interplay of feedback and evaluation (*Peering Through Preferences*, arXiv 2308.15812): wins, ties and losses
    against one reference model.
    """

    class Protocol(models.TextChoices):
        RATING = "rating"
        RANKING = "ranking"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="win_rates")
    trained_on = models.CharField(max_length=7, choices=Protocol)
    evaluated_by = models.CharField(max_length=7, choices=Protocol)
    wins = models.PositiveIntegerField()
    ties = models.PositiveIntegerField()
    losses = models.PositiveIntegerField()
    imported_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "trained_on", "evaluated_by"], name="win_rate_once")]

    def __str__(self) -> str:
        return f"{self.trained_on} by {self.evaluated_by}"


class Link(models.Model):
    """Two campaigns over the same items, one that rates and one that ranks: compared as if they were one."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="linked_from")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "other"], name="linked_once"),
            models.CheckConstraint(condition=~models.Q(campaign=models.F("other")), name="linked_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} with {self.other_id}"
