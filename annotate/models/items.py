"""Items and their completions."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.functional import cached_property

from annotate.kinds.source import Said, Source
from annotate.models.campaigns import Campaign


class PromptGroup(models.Model):
    """Items that share a prompt (or near-duplicates): the unit of resampling and of splits."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="prompt_groups")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "digest"], name="prompt_group_digest")]

    def __str__(self) -> str:
        return self.digest[:12]


class Item(models.Model):
    """A prompt with its completions. `prompt` is a string, or a list of chat messages."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="items")
    prompt_group = models.ForeignKey(PromptGroup, on_delete=models.PROTECT, related_name="items")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=80, help_text="of the content: tells a repeated row from a changed one")
    prompt = models.JSONField()
    context = models.JSONField(null=True, help_text="a text, or passages {title?, sentences}")
    reference = models.TextField(null=True)
    tools = models.JSONField(null=True)
    points = models.JSONField(null=True)
    metadata = models.JSONField(default=dict)
    gold = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, help_text="when it was taken out of the campaign")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="item_key")]

    def __str__(self) -> str:
        return self.key

    @cached_property
    def source(self) -> Source:
        """What kinds hold answers against; completions are read only where a kind asks for one."""
        return Source(self.prompt, self.context, self.points, self._said)

    def _said(self) -> list[tuple[str, Said]]:
        return [(c.key, c.said) for c in self.completions.all()]


class Completion(models.Model):
    """One model output of an item: text, or chat messages."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="completions")
    key = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    text = models.TextField(null=True)
    messages = models.JSONField(null=True)
    model = models.CharField(max_length=200, null=True)
    prompt = models.JSONField(null=True)
    metadata = models.JSONField(default=dict)
    characters = models.PositiveIntegerField(db_default=0, help_text="code points of what it says")
    words = models.PositiveIntegerField(db_default=0)
    distinct_words = models.PositiveIntegerField(db_default=0)
    names_model = models.BooleanField(db_default=False, help_text="its text gives away which model wrote it")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "key"], name="completion_key"),
            models.CheckConstraint(
                condition=Q(text=None, messages__isnull=False) | Q(text__isnull=False, messages=None),
                name="text_or_messages",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def said(self) -> Said:
        """The text, or the messages."""
        return (self.text or "") if self.messages is None else self.messages


class Image(models.Model):
    """An uploaded picture that items of the campaign show; they name it as `upload:<name>`."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="images")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content, which is its file's name")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "name"], name="image_name")]

    def __str__(self) -> str:
        return self.name
