"""The management commands, in this process."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from rest_framework.authtoken.models import Token

from annotate.models import ImportJob, Item, Organisation, Preference, User
from tests.factories import PAIRWISE, make_campaign, make_user, pair_rows

pytestmark = pytest.mark.django_db


def run(*words: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, stderr=out, **options)
    return out.getvalue()


def write(folder: Path, rows: list[Any], name: str = "rows.jsonl") -> str:
    path = folder / name
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return str(path)


def test_create_user_takes_the_password_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\n"))
    assert "password" not in run("create_user", "anna", role="researcher")
    user = User.objects.get()
    assert (user.username, user.role, user.check_password("correct horse battery")) == ("anna", "researcher", True)


def test_create_user_makes_and_prints_a_password_where_none_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    printed = run("create_user", "anna").splitlines()[-1].removeprefix("password: ")
    assert User.objects.get().check_password(printed)


def test_create_user_says_that_a_name_exists(monkeypatch: pytest.MonkeyPatch, annotator: User) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(CommandError, match="exists"):
        run("create_user", "anna")


def test_create_token_prints_the_token_on_the_last_line(annotator: User) -> None:
    assert run("create_token", "anna").splitlines()[-1] == Token.objects.get(user=annotator).key
    with pytest.raises(CommandError, match="no user 'bob'"):
        run("create_token", "bob")


def test_import_items_reports_rows_and_keeps_the_good_ones(researcher: User, tmp_path: Path) -> None:
    make_campaign(researcher)
    said = run("import_items", "pairs", write(tmp_path, [*pair_rows(2), {"key": "x", "prompt": 3, "completions": []}]))
    assert "row 3: prompt: " in said
    assert "rows: 2 good (0 were there already), 1 rejected" in said
    assert Item.objects.count() == 2


def test_import_items_guesses_a_foreign_shape(researcher: User, tmp_path: Path) -> None:
    make_campaign(researcher)
    rows = [{"prompt": f"p{i}", "chosen": "good", "rejected": "bad"} for i in range(3)]
    assert "mapping: " in run("import_items", "pairs", write(tmp_path, rows))
    assert Item.objects.count() == 3


def test_import_items_takes_a_mapping_with_options(researcher: User, tmp_path: Path) -> None:
    make_campaign(researcher)
    path = write(tmp_path, [{"ask": "p", "one": "x", "two": "y"}])
    run("import_items", "pairs", path, mapping="columns", option=["prompt=ask", 'completions=["one", "two"]'])
    assert Item.objects.get().prompt == "p"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mapping": "colums"}, "did you mean columns"),
        ({"mapping": "columns"}, "say which column holds the prompt"),
        ({"option": ["prompt"]}, "must be NAME=VALUE"),
        ({"companion": ["ratings=/nowhere/x.csv"]}, "there is no file /nowhere/x.csv"),
        ({"organisation": "Nowhere"}, "there is no campaign 'pairs'"),
    ],
)
def test_import_items_says_what_is_wrong(
    researcher: User, tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    make_campaign(researcher)
    with pytest.raises(CommandError, match=message):
        run("import_items", "pairs", write(tmp_path, pair_rows(1)), **options)
    assert not Item.objects.exists()


def test_import_items_wants_a_file_that_is_there_and_has_rows(researcher: User, tmp_path: Path) -> None:
    make_campaign(researcher)
    with pytest.raises(CommandError, match="there is no file"):
        run("import_items", "pairs", str(tmp_path / "none.jsonl"))
    with pytest.raises(CommandError, match="empty"):
        run("import_items", "pairs", write(tmp_path, []))
    assert not ImportJob.objects.filter(state="done").exists()


def test_a_slug_of_several_organisations_needs_the_organisation(researcher: User, tmp_path: Path) -> None:
    make_campaign(researcher)
    make_campaign(make_user("oona", "researcher", Organisation.objects.create(name="Elsewhere")))
    path = write(tmp_path, pair_rows(1))
    with pytest.raises(CommandError, match="say --organisation"):
        run("import_items", "pairs", path)
    run("import_items", "pairs", path, organisation="Elsewhere")
    assert Item.objects.get().campaign.organisation.name == "Elsewhere"


def test_rebuild_records_writes_one_campaign_or_all(researcher: User, tmp_path: Path) -> None:
    for slug in ("one", "two"):
        make_campaign(researcher, slug, [PAIRWISE])
        annotation = {"annotator": "ann", "kind": "human", "answers": {"overall": {"preferred": "a"}}}
        run("import_items", slug, write(tmp_path, [{**pair_rows(1)[0], "annotations": [annotation]}]))
    Preference.objects.all().delete()
    assert run("rebuild_records", "one") == "one: 1 annotations\n"
    assert Preference.objects.count() == 1
    assert run("rebuild_records").splitlines() == ["one: 1 annotations", "two: 1 annotations"]
    assert Preference.objects.count() == 2
