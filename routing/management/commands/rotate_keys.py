"""Stores the keys of all endpoints under the first part of ENCRYPTION_KEY."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from routing.calling.secrets import KeyUnreadable
from routing.endpoints import rotate_keys


class Command(BaseCommand):
    help = "Encrypts the keys of model servers anew, by the first of the comma-separated keys in ENCRYPTION_KEY."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = rotate_keys()
        except KeyUnreadable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} keys are stored under the first key of ENCRYPTION_KEY")
