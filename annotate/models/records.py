"""The long tables that statistics and exports read, written in the submit transaction."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from annotate.models.campaigns import Campaign, View
from annotate.models.items import Completion, Item, PromptGroup
from annotate.models.people import Annotator
from annotate.models.work import Annotation, Unit


class Record(models.Model):
    """What every record carries."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+", db_index=False)
    prompt_group = models.ForeignKey(PromptGroup, on_delete=models.CASCADE, related_name="+", db_index=False)
    view = models.ForeignKey(View, on_delete=models.CASCADE, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    round = models.PositiveSmallIntegerField(db_default=0)
    question = models.CharField(max_length=80)
    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="+")
    annotator = models.ForeignKey(Annotator, on_delete=models.CASCADE, related_name="+", db_index=False)
    annotator_kind = models.CharField(max_length=5, choices=Annotator.Kind)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["campaign", "question", "item"], name="%(class)s_of_question")]


class Score(Record):
    """A number given to one completion."""

    completion = models.ForeignKey(Completion, on_delete=models.CASCADE, related_name="+", db_index=False)
    model = models.CharField(max_length=200, null=True)
    value = models.FloatField()
    position_shown = models.PositiveSmallIntegerField(help_text="0 is the first on the screen")

    def __str__(self) -> str:
        return f"{self.question}: {self.value}"


class Preference(Record):
    """One completion against another: sign +1 for a, 0 for a tie, -1 for b."""

    a = models.ForeignKey(Completion, on_delete=models.CASCADE, related_name="+", db_index=False)
    b = models.ForeignKey(Completion, on_delete=models.CASCADE, related_name="+", db_index=False)
    model_a = models.CharField(max_length=200, null=True)
    model_b = models.CharField(max_length=200, null=True)
    sign = models.SmallIntegerField()
    strength = models.PositiveSmallIntegerField(null=True)
    probability = models.FloatField(null=True, help_text="that a is better, where the annotator gave one")
    both_bad = models.BooleanField(default=False)
    a_shown_first = models.BooleanField()

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(sign__in=[-1, 0, 1]), name="preference_sign"),
            models.CheckConstraint(
                condition=Q(probability=None) | Q(probability__gte=0, probability__lte=1),
                name="preference_probability",
            ),
            models.CheckConstraint(condition=~Q(a=models.F("b")), name="preference_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.sign:+d}"


class Label(Record):
    """A chosen option, an answered point or a text. `target` is a completion key, or empty for the whole unit."""

    target = models.CharField(max_length=40, blank=True)
    point = models.CharField(max_length=200, blank=True)
    value = models.TextField()

    def __str__(self) -> str:
        return f"{self.question}: {self.value[:40]}"


class Mark(Record):
    """A marked span, in code points of the target's source text; without offsets it is about the whole."""

    target = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    severity = models.CharField(max_length=80, null=True)
    quote = models.TextField(null=True)
    refs = models.JSONField(null=True)
    part = models.PositiveSmallIntegerField(null=True, help_text="of a target in several parts")
    note = models.TextField(null=True)
    attributes = models.JSONField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(start=None, end=None) | Q(start__lt=models.F("end")), name="mark_offsets"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.label}"
