"""Organisations, their users, and the annotators (people or judges) who answer."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Organisation(models.Model):
    """Owns campaigns and has members; nothing crosses from one to another."""

    name = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """Somebody who signs in. `is_staff` administers the organisation."""

    class Role(models.TextChoices):
        RESEARCHER = "researcher"
        ANNOTATOR = "annotator"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="users")
    role = models.CharField(max_length=12, choices=Role, default=Role.ANNOTATOR)

    preferences = models.JSONField(default=dict, help_text="keys, theme, text size and the like")

    REQUIRED_FIELDS = ["email", "organisation"]

    @property
    def is_researcher(self) -> bool:
        """May create campaigns."""
        return self.is_staff or self.role == self.Role.RESEARCHER


class Annotator(models.Model):
    """A person or a judge. One that came with an import belongs to that campaign alone."""

    class Kind(models.TextChoices):
        HUMAN = "human"
        JUDGE = "judge"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="annotators")
    campaign = models.ForeignKey(
        "annotate.Campaign",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="imported_annotators",
    )
    kind = models.CharField(max_length=5, choices=Kind)
    name = models.CharField(max_length=200)
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.CASCADE, related_name="annotator")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "name"],
                condition=Q(campaign=None),
                name="annotator_of_organisation",
            ),
            models.UniqueConstraint(
                fields=["campaign", "kind", "name"], condition=~Q(campaign=None), name="annotator_of_campaign"
            ),
            models.CheckConstraint(condition=Q(user=None) | Q(kind="human"), name="only_people_sign_in"),
            models.CheckConstraint(
                condition=Q(user=None) | Q(campaign=None), name="imported_annotators_do_not_sign_in"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_judge(self) -> bool:
        return self.kind == self.Kind.JUDGE
