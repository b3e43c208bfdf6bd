"""Judges and their runs, the routes of items, and computed reports."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from annotate.models import Annotator, Assignment, Campaign, Item, Job
from routing.judges import provider


class Judge(models.Model):
    """A configured model. Its specification never changes: a changed judge is a new judge.

    It answers as its annotator, which belongs to the campaign.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="judges")
    annotator = models.OneToOneField(Annotator, on_delete=models.PROTECT, related_name="judge")
    provider = models.CharField(max_length=40)
    config = models.JSONField(default=dict)
    protocols = models.JSONField(default=dict, help_text="{kind: {name, version, config}}, fixed at creation")
    runs_at_launch = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.annotator.name

    @property
    def name(self) -> str:
        return self.annotator.name


class JudgeRun(Job):
    """One pass of a judge over its campaign. `total` and `done` count assignments; `failed` those without an answer."""

    task = "routing.tasks.run_judge"

    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="runs")
    failed = models.PositiveIntegerField(default=0)
    skipped = models.JSONField(default=dict, help_text="{view: why the judge cannot answer it}")

    @property
    def queue(self) -> str:
        return provider(self.judge.provider).queue


class JudgeCall(models.Model):
    """One request to a provider and what came back; rows are only ever added."""

    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="calls")
    run = models.ForeignKey(JudgeRun, null=True, on_delete=models.SET_NULL, related_name="calls")
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="judge_calls")
    question = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField()
    keys = models.JSONField(help_text="the completions in the prompt's order")
    request_digest = models.CharField(max_length=64, help_text="SHA-256 of judge, weights, messages and labels")
    request = models.JSONField()
    status = models.CharField(max_length=20)
    probabilities = models.JSONField(default=dict)
    missing = models.FloatField()
    prompt_tokens = models.PositiveIntegerField()
    completion_tokens = models.PositiveIntegerField()
    seconds = models.FloatField()
    raw = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["assignment", "question", "order"], name="judge_call_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "request_digest"], name="answered_once", condition=Q(status="ok")
            )
        ]

    def __str__(self) -> str:
        return f"{self.question} #{self.order}: {self.status}"


class Verdict(models.Model):
    """What the calls for one question of one assignment amount to; derived, so it can be written again."""

    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="verdicts")
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="verdicts")
    question = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    status = models.CharField(max_length=20)
    answer = models.JSONField(null=True)
    details = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "question"], name="verdict_once"),
            models.CheckConstraint(condition=~Q(status="ok", answer=None), name="good_verdicts_answer"),
        ]
        indexes = [models.Index(fields=["judge", "question", "status"], name="verdict_of_judge")]

    def __str__(self) -> str:
        return f"{self.question}: {self.status}"


class Route(models.Model):
    """The decision who annotates an item, and why. One row is in force per item; earlier ones stay."""

    class To(models.TextChoices):
        PEOPLE = "people"
        JUDGE = "judge"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="routes")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="routes")
    to = models.CharField(max_length=6, choices=To)
    judge = models.ForeignKey(Judge, null=True, on_delete=models.PROTECT, related_name="routes")
    policy = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)
    predicted_gain = models.FloatField(null=True)
    propensity = models.FloatField(null=True, help_text="the chance this decision had")
    in_force = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(in_force=True), name="one_route_in_force"),
            models.CheckConstraint(
                condition=Q(to="people", judge=None) | Q(to="judge", judge__isnull=False),
                name="routed_judges_are_named",
            ),
            models.CheckConstraint(
                condition=Q(propensity=None) | Q(propensity__gt=0, propensity__lte=1), name="route_propensity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} to {self.to}"


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
