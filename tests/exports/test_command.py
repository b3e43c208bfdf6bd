import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from annotate.models import User
from tests.exports.voted import voted, voted_item

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_command_writes_the_file_and_its_manifest(researcher: User, tmp_path: Path) -> None:
    voted(researcher, [voted_item("r1", "a"), voted_item("r2", "=")])
    out, said = tmp_path / "set.jsonl", StringIO()
    call_command("export", "voted", "--format", "preference", "--out", str(out), stdout=said)
    assert [json.loads(line)["item"] for line in out.read_text().splitlines()] == ["r1"]
    assert json.loads((tmp_path / "set.jsonl.manifest.json").read_text())["rows"] == 1
    assert "dropped, tie: 1" in said.getvalue()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nothing", "--format", "preference"], "nothing"),
        (["voted", "--format", "dpo"], "no export format 'dpo'"),
        (["voted", "--format", "reward", "--minimum", "0"], "whole number from 1"),
    ],
)
def test_the_command_refuses_in_words(researcher: User, tmp_path: Path, words: list[str], message: str) -> None:
    voted(researcher, [voted_item("r1", "a")])
    with pytest.raises(CommandError, match=message):
        call_command("export", *words, "--out", str(tmp_path / "x.jsonl"))
    with pytest.raises(CommandError, match="there is no folder"):
        call_command("export", "voted", "--format", "reward", "--out", str(tmp_path / "no" / "x.jsonl"))
