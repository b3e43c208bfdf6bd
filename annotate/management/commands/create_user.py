import secrets
import sys
from typing import Any

from django.core.management.base import CommandParser

from annotate.commands import ActionCommand
from annotate.models import User
from annotate.users import create_user


class Command(ActionCommand):
    help = "Creates a user; the password is read from standard input, or generated and printed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--role", choices=User.Role.values, default=User.Role.ANNOTATOR)

    def act(self, options: dict[str, Any]) -> None:
        given = "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
        password = given or secrets.token_urlsafe(12)
        user = create_user(options["name"], options["role"], password)
        self.stdout.write(f"created {user.role} {user.username}")
        if not given:
            self.stdout.write(f"password: {password}")
