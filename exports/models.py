"""Exports: datasets built from a campaign, each with a manifest."""

from django.db import models

from annotate.models import Job


class Export(Job):
    """One dataset file or folder. Once done it never changes."""

    task = "exports.tasks.run_export"

    format = models.CharField(max_length=40)
    file_type = models.CharField(max_length=10)
    options = models.JSONField(default=dict)
    path = models.CharField(max_length=500, blank=True)
    manifest = models.JSONField(default=dict)
