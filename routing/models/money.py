"""What models cost, and what a campaign may spend on them."""

from django.db import models
from django.db.models import Q

from annotate.models import Campaign, Organisation


class Price(models.Model):
    """What a model costs an organisation, in US dollars a million tokens. A judge takes the price of its day."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="prices")
    model = models.CharField(max_length=200)
    input = models.DecimalField(max_digits=12, decimal_places=6)
    output = models.DecimalField(max_digits=12, decimal_places=6)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["model"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "model"], name="price_of_model"),
            models.CheckConstraint(condition=Q(input__gte=0, output__gte=0), name="prices_are_not_negative"),
        ]

    def __str__(self) -> str:
        return self.model


class Budget(models.Model):
    """What judges may cost a campaign in all, in millionths of a US dollar; runs reserve against it under its lock."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="judge_budget")
    cap = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(cap=None) | Q(cap__gte=0), name="budget_is_not_negative")]

    def __str__(self) -> str:
        return f"budget of {self.campaign_id}"
