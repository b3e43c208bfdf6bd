"""A question kind that only the tests have: one Python file and one template, put where kinds are looked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

import annotate.kinds as package
from annotate.kinds import kinds

HERE = Path(__file__).parent


@contextmanager
def installed() -> Iterator[None]:
    """The kind `likelihood` is among the kinds."""
    engine = settings.TEMPLATES[0]
    templates = [{**engine, "DIRS": [*engine["DIRS"], HERE / "templates"]}]
    with pytest.MonkeyPatch.context() as patch, override_settings(TEMPLATES=templates):
        patch.setattr(package, "__path__", [*package.__path__, str(HERE / "kinds")])
        kinds.cache_clear()
        yield
    kinds.cache_clear()
