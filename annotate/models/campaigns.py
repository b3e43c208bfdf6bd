"""Campaigns, their immutable versions, and the views and questions that a version asks."""

from functools import lru_cache

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from annotate.models.people import Annotator, Organisation, User


class Campaign(models.Model):
    """A set of items, the questions asked of them, and how the work is shared out."""

    class State(models.TextChoices):
        DRAFT = "draft"
        RUNNING = "running"
        PAUSED = "paused"
        CLOSED = "closed"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="campaigns")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    version = models.ForeignKey(
        "annotate.CampaignVersion", null=True, on_delete=models.PROTECT, related_name="current_of"
    )
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "slug"], name="campaign_slug")]

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> "CampaignVersion":
        """The version that new assignments name. A campaign without one was never finished being created."""
        if self.version_id is None:
            raise CampaignVersion.DoesNotExist(f"campaign {self.slug} has no version")
        return version_of(self.version_id)


class CampaignVersion(models.Model):
    """Immutable: guidelines, questions, configuration; every assignment names its version."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    guidelines = models.TextField(blank=True)
    overlap = models.PositiveSmallIntegerField(default=1)
    config = models.JSONField(default=dict, help_text="lease_minutes, spacing, judges")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="version_number")]

    def __str__(self) -> str:
        return f"{self.campaign_id} v{self.number}"


@lru_cache(maxsize=1024)
def version_of(pk: int) -> CampaignVersion:
    """A version by its id. Versions never change, so each process reads them once."""
    return CampaignVersion.objects.get(pk=pk)


class View(models.Model):
    """A named set of questions answered on one screen. It stays the same through the versions of a campaign."""

    class Shows(models.TextChoices):
        EACH = "each"
        PAIR = "pair"
        ALL = "all"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="views")
    name = models.CharField(max_length=80)
    shows = models.CharField(max_length=4, choices=Shows)
    pairs = models.PositiveIntegerField(null=True, help_text="how many pairs an item gives; all when null")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name"], name="view_name"),
            models.CheckConstraint(
                condition=models.Q(pairs=None) | models.Q(shows="pair", pairs__gte=1),
                name="pairs_of_pair_views",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """What is asked in a view: a kind and its configuration."""

    version = models.ForeignKey(CampaignVersion, on_delete=models.CASCADE, related_name="questions")
    view = models.ForeignKey(View, on_delete=models.PROTECT, related_name="questions")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=500, blank=True)
    config = models.JSONField(default=dict)
    required = models.BooleanField(default=True)
    when = models.JSONField(null=True, help_text='{"question": name, "equals": answer}')
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "name"], name="question_name")]

    def __str__(self) -> str:
        return self.title or self.name


class Member(models.Model):
    """An annotator's place in a campaign. Its row is locked first in claim and in submit.

    A cursor is the highest rank this annotator was given in a lane: the claim starts there.
    """

    class Role(models.TextChoices):
        RESEARCHER = "researcher"
        ANNOTATOR = "annotator"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="members")
    annotator = models.ForeignKey(Annotator, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role, default=Role.ANNOTATOR)
    cursor_urgent = models.BigIntegerField(db_default=0)
    cursor_normal = models.BigIntegerField(db_default=0)
    recent_groups = ArrayField(models.BigIntegerField(), default=list, blank=True, help_text="newest first")
    joined_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "annotator"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.annotator_id} in {self.campaign_id}"
