"""The provider `imported`: a judge whose verdicts were made elsewhere."""

from collections.abc import Sequence
from typing import ClassVar

from routing.judges.base import Provider, Reply, Request, Want
from routing.judges.registry import ConfigError

MADE_ELSEWHERE = "its verdicts were made elsewhere, so there is nothing to run; import more of them instead"


class ImportedProvider(Provider):
    """Gives nothing: its judge has what was imported, which the reports read like any other judge's verdicts."""

    name: ClassVar[str] = "imported"
    describe: ClassVar[str] = "Verdicts that were made elsewhere and are imported."
    queue: ClassVar[str] = "default"
    gives: ClassVar[frozenset[type[Want]]] = frozenset()

    @property
    def revision(self) -> str:
        return "imported"

    def answer(self, requests: Sequence[Request]) -> list[Reply]:
        raise ConfigError(MADE_ELSEWHERE)
