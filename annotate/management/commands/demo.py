from typing import Any

from django.conf import settings

from annotate.commands import ActionCommand
from annotate.demo.build import ANNOTATORS, RESEARCHER, build_demo


class Command(ActionCommand):
    help = "Sets up the demo campaigns with a researcher and three annotators, and says how to sign in."

    def act(self, options: dict[str, Any]) -> None:
        password = build_demo()
        if password is None:
            self.stdout.write("the demo campaigns are there; their password is not known here")
            return
        self.stdout.write(f"sign in at http://{settings.HOST}:{settings.PORT}/")
        self.stdout.write(f"  as the researcher: {RESEARCHER}    or an annotator: {', '.join(ANNOTATORS)}")
        self.stdout.write(f"  password of all four: {password}")
