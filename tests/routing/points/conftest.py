from pathlib import Path

import pytest

import routing.judges
from annotate.models import Campaign, User
from routing.models import Judge
from tests.routing.points.proposing import waiting_campaign, writer


@pytest.fixture(autouse=True)
def writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider `writing` is among the providers."""
    plugins = str(Path(__file__).parent / "plugins")
    monkeypatch.setattr(routing.judges, "__path__", [*routing.judges.__path__, plugins])


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    """Running, with three items that wait for their points."""
    return waiting_campaign(researcher)


@pytest.fixture
def judge(campaign: Campaign) -> Judge:
    return writer(campaign)
