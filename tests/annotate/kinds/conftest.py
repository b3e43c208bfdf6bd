"""The contract of kinds is held by one more kind, which is defined in the tests."""

from collections.abc import Iterator

import pytest

from tests import plugins


@pytest.fixture(autouse=True)
def likelihood() -> Iterator[None]:
    """The kind of `tests/plugins` is among the kinds."""
    with plugins.installed():
        yield
