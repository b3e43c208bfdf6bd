"""A provider that fails where a text says so: put on the path of providers by the tests, and found by discovery."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from routing.judges.base import Provider, Reply, Request, Status
from routing.judges.registry import ConfigError

FAILURES: dict[str, Status] = {
    "DOWN": "provider_error",
    "LONG": "truncated",
    "REFUSED": "refusal",
    "ODD": "parse_error",
}


class FailingProvider(Provider):
    """Prefers the first label, unless a text holds the word of a failure.

    DOWN fails only while the file `down` exists. `log` is a file that gets a line per request; once it holds
    `dies_after` lines, the next batch raises.
    """

    name: ClassVar[str] = "failing"
    defaults: ClassVar[Mapping[str, Any]] = {"down": "", "log": "", "dies_after": None, "broken": False}

    @property
    def revision(self) -> str:
        return "failing-1"

    def answer(self, requests: Sequence[Request]) -> list[Reply]:
        if self.config["broken"]:
            raise ConfigError("there is no such model here")
        return [self._reply(request) for request in requests]

    def _reply(self, request: Request) -> Reply:
        if self.config["log"]:
            self._note(request)
        for word, status in FAILURES.items():
            if any(word in text for text in request.texts) and self._fails(word):
                return Reply.failed(status, f"{word} was in the text")
        rest = 0.4 / (len(request.labels) - 1)
        return Reply("ok", dict.fromkeys(request.labels, rest) | {request.labels[0]: 0.6}, 0.0, 7, 1, 0.1)

    def _fails(self, word: str) -> bool:
        return word != "DOWN" or not self.config["down"] or Path(self.config["down"]).exists()

    def _note(self, request: Request) -> None:
        log = Path(self.config["log"])
        lines = log.read_text().count("\n") if log.exists() else 0
        if self.config["dies_after"] is not None and lines >= self.config["dies_after"]:
            raise OSError("the machine went away")
        with log.open("a") as file:
            file.write(repr(request.texts) + "\n")
