"""What a unit's annotations come to, and what researchers decide about units and annotators."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from annotate.models.campaigns import Campaign
from annotate.models.people import Annotator
from annotate.models.work import Unit


class Adjudication(models.Model):
    """A researcher's answer that stands above the annotators'. The newest of a unit and question counts.

    Earlier ones are kept; one without an answer takes the decision back.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="adjudications")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="adjudications", db_index=False)
    question = models.CharField(max_length=80)
    answer = models.JSONField(null=True)
    author = models.ForeignKey(Annotator, on_delete=models.PROTECT, related_name="adjudications")
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["unit", "question", "id"], name="adjudication_newest")]

    def __str__(self) -> str:
        return f"{self.question}: {self.answer}"


class Consensus(models.Model):
    """The aggregated answer per unit and question, in the shape of an answer; null where there is none.

    `things` says of each thing that was answered (a pair, a completion, a point) what the annotators gave it.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    question = models.CharField(max_length=80)
    rule = models.CharField(max_length=20)
    answer = models.JSONField(null=True)
    n = models.PositiveIntegerField(help_text="annotations behind it")
    share = models.FloatField(null=True, help_text="of the annotations that gave this answer")
    confidence = models.FloatField(null=True, help_text="that the answer is right, by the rule; lowest of its things")
    things = models.JSONField(default=list)
    adjudication = models.ForeignKey(Adjudication, null=True, on_delete=models.SET_NULL, related_name="+")
    computed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "question"], name="consensus_once")]
        indexes = [
            models.Index(fields=["campaign", "id"], name="consensus_page"),
            models.Index(fields=["campaign", "question", "confidence"], name="consensus_doubtful"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.answer}"


class Standing(models.Model):
    """What researchers decided about an annotator of a campaign, a person or a judge.

    A paused one gets nothing more; answers of an excluded one count nowhere (and stay); `weight` is what an answer
    weighs in consensus and leaderboard.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="standings")
    annotator = models.ForeignKey(Annotator, on_delete=models.CASCADE, related_name="standings")
    paused_at = models.DateTimeField(null=True)
    excluded_at = models.DateTimeField(null=True)
    weight = models.FloatField(default=1.0)
    note = models.CharField(max_length=500, blank=True)
    changed_by = models.ForeignKey(Annotator, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "annotator"], name="standing_once"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="standing_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.annotator_id} in {self.campaign_id}"
