from typing import Any

from django.core.management.base import CommandParser

from annotate.commands import ActionCommand
from annotate.users import token_of


class Command(ActionCommand):
    help = "Prints the API token of a user, making one where there is none; the token is the last line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user")

    def act(self, options: dict[str, Any]) -> None:
        self.stdout.write(token_of(options["user"]))
