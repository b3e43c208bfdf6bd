"""The commands as a script calls them: exit codes, standard output, standard error."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from annotate.models import Item, User
from tests.factories import make_campaign

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[3]


def manage(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Runs manage.py on the tests' database."""
    of_tests = connection.settings_dict
    wanted = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**{k: v or "" for k, v in of_tests.items()})
    host = str(of_tests["HOST"] or "")
    if host.startswith("/"):
        wanted = f"postgresql://{of_tests['USER']}@/{of_tests['NAME']}?host={host}"
        wanted += f"&port={of_tests['PORT']}" if of_tests["PORT"] else ""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": wanted, "DATABASE_POOL": "0"},
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_user_a_token_an_import_and_the_records(researcher: User, tmp_path: Path, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    made = manage("create_user", "carl", "--role", "researcher", given="correct horse battery\n")
    assert (made.returncode, made.stdout.strip()) == (0, "created researcher carl")
    assert User.objects.get(username="carl").check_password("correct horse battery")

    again = manage("create_user", "carl", given="correct horse battery\n")
    assert again.returncode != 0
    assert "exists" in again.stderr
    assert "Traceback" not in again.stderr

    token = manage("create_token", "carl")
    assert token.returncode == 0
    assert re.fullmatch(r"[0-9a-f]{40}", token.stdout.splitlines()[-1])

    make_campaign(researcher)
    path = tmp_path / "rows.jsonl"
    path.write_text('{"prompt": "p", "completions": [{"text": "x"}, {"text": "y"}]}\n{"prompt": 1}\n')
    imported = manage("import_items", "pairs", str(path))
    assert imported.returncode == 0, imported.stderr
    assert "rows: 1 good (0 were there already), 1 rejected" in imported.stdout
    assert "row 2: " in imported.stderr
    assert Item.objects.count() == 1

    wrong = manage("import_items", "nowhere", str(path))
    assert wrong.returncode != 0
    assert "there is no campaign 'nowhere'" in wrong.stderr

    rebuilt = manage("rebuild_records", "pairs")
    assert (rebuilt.returncode, rebuilt.stdout) == (0, "pairs: 0 annotations\n")
