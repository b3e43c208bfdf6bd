"""Judges in the making: heads that a worker trains on a campaign's labels."""

from django.db import models

from annotate.models import Job
from routing.judges import provider
from routing.models.judges import Judge


class HeadTraining(Job):
    """A reward head that is being fitted to what people prefer. `judge` is there once it is done.

    `spec` is what the judge will be, as `create_judge` takes it; the head itself is left to the training. An empty
    `question` stands for the one with the most preferences.
    """

    task = "routing.tasks.train_head"

    name = models.CharField(max_length=200)
    question = models.CharField(max_length=80, blank=True)
    spec = models.JSONField(default=dict)
    judge = models.ForeignKey(Judge, null=True, on_delete=models.SET_NULL, related_name="+")

    @property
    def queue(self) -> str:
        return provider("embedding_head").queue
