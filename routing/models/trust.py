"""What is known of a judge: calibrations, certificates and cascades; and the checklists it proposes."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from annotate.models import Campaign, Item, User
from routing.models.judges import Judge


class Calibration(models.Model):
    """Temperature and slot offset of a judge's probabilities, fitted on human labels; rows are only ever added."""

    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="calibrations")
    question = models.CharField(max_length=80)
    temperature = models.FloatField()
    offset = models.FloatField()
    tie_band = models.FloatField(null=True)
    n = models.PositiveIntegerField()
    clusters = models.PositiveIntegerField()
    figures = models.JSONField(default=dict, help_text="ECE, Brier and log loss before and after, out of fold")
    groups = models.JSONField(default=list, help_text="the prompt groups it was fitted on: they certify nothing")
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.judge_id} {self.question}: T {self.temperature:.2f}"


class Certificate(models.Model):
    """One look at whether a judge keeps its promise above a confidence; `threshold` is null where it does not.

    `look` is k, the number of the look at this judge (or a copy of it) and question, which spends 6δ/(π²k²).
    `reference` names the human labels it was held against. `asked` and `before` say of what it holds: of a question
    under its guidelines, and of what the judges before it in a cascade let through.
    """

    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="certificates")
    question = models.CharField(max_length=80)
    look = models.PositiveIntegerField()
    target = models.FloatField()
    delta = models.FloatField()
    calibration = models.ForeignKey(Calibration, null=True, on_delete=models.PROTECT, related_name="+")
    threshold = models.FloatField(null=True)
    n = models.PositiveIntegerField(default=0, help_text="audited units at or above the threshold")
    errors = models.PositiveIntegerField(default=0)
    bound = models.FloatField(null=True, help_text="upper bound of the share of disagreement")
    coverage = models.FloatField(null=True)
    reference = models.CharField(max_length=200)
    asked = models.CharField(max_length=64, help_text="SHA-256 of the guidelines and the question")
    before = models.JSONField(default=list, help_text="[[judge, its certificate or null]] of those before it")
    reason = models.CharField(max_length=500, blank=True)
    path = models.JSONField(default=list)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    suspended_at = models.DateTimeField(null=True)
    suspended_because = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["judge", "question", "look"], name="certificate_look")]

    def __str__(self) -> str:
        return f"{self.judge_id} {self.question} #{self.look}"

    @property
    def certainty(self) -> float:
        return 1 - self.delta


class Cascade(models.Model):
    """Which judges answer a campaign's question, in turn, before people do; a share of the units is audited by people.

    `judges` are the ids in their order. An item goes to the next where a judge's confidence is below its certified
    threshold, and to people after the last.
    """

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="cascade")
    question = models.CharField(max_length=80)
    judges = models.JSONField(default=list)
    target = models.FloatField()
    delta = models.FloatField()
    audit_share = models.FloatField()
    seed = models.PositiveIntegerField(default=0)
    enabled = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(target__gt=0, target__lt=1, delta__gt=0, delta__lt=1)
                & Q(audit_share__gt=0, audit_share__lte=1),
                name="cascade_shares",
            )
        ]

    def __str__(self) -> str:
        return f"cascade of {self.campaign_id}"


class Proposal(models.Model):
    """The checklist that a judge proposes for an item; a researcher edits and accepts it, or turns it down."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        FAILED = "failed"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="proposals")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="proposals")
    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="proposals")
    question = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED)
    points = models.JSONField(default=list, help_text="as the judge gave them")
    accepted = models.JSONField(null=True, help_text="as the researcher let them stand")
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["item", "question", "judge"], name="proposal_once")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.state}"
