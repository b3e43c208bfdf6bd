from pathlib import Path

import pytest

import routing.judges


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider `failing` is among the providers: one more file on their path."""
    plugins = str(Path(__file__).parent / "plugins")
    monkeypatch.setattr(routing.judges, "__path__", [*routing.judges.__path__, plugins])


@pytest.fixture
def told(failing: None) -> None:
    """The provider `told`, whose answers stand in the texts, is among the providers: it lies beside `failing`."""
