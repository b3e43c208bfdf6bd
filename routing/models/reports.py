"""Computed reports, kept with what they saw."""

from django.db import models

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
