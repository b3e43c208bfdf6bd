"""What all tests share: the servers, folders that vanish, and the shared research data where there is any."""

from pathlib import Path

import hypothesis
import pytest
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from annotate.models import User
from tests.factories import make_user

SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_configure(config: pytest.Config) -> None:
    from config import boot

    hypothesis.settings.register_profile("here", database=None, deadline=None, derandomize=True)
    hypothesis.settings.load_profile("here")
    boot.start_servers()


@pytest.fixture(autouse=True)
def folders(settings: Settings, tmp_path: Path) -> None:
    settings.UPLOADS, settings.EXPORTS = tmp_path / "uploads", tmp_path / "exports"
    settings.IMAGES = tmp_path / "images"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real research data beside a checkout."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the shared research data is not beside this checkout")
    return SHARED / "data"


@pytest.fixture
def researcher(db: None) -> User:
    return make_user("rita", role="researcher")


@pytest.fixture
def browser(client: Client, researcher: User) -> Client:
    """A client through which the researcher is signed in; `tests/e2e` has real ones."""
    client.force_login(researcher)
    return client


@pytest.fixture
def annotator(db: None) -> User:
    return make_user("anna")


@pytest.fixture
def api() -> APIClient:
    """An API client; `client.force_authenticate(user)` signs a user in."""
    return APIClient()
