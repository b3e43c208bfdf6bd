from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from annotate.models import Campaign, ImportJob, User
from tests.annotate.views.pages import signed_in, text_of, upload
from tests.annotate.views.test_imports import lines, run, sent
from tests.factories import make_user, pair_rows

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("completions", "kinds"), [(1, ["rating"]), (2, ["pairwise"]), (3, ["rating", "pairwise"])])
def test_a_file_becomes_a_campaign_that_fits(researcher: User, completions: int, kinds: list[str]) -> None:
    client = signed_in(researcher)
    confirm = sent(client, upload(lines(*pair_rows(2, completions)), "my_best-prompts.jsonl"), address="/start/")
    page = text_of(client.get(confirm))
    assert 'value="My best prompts"' in page
    assert "Question 0?" in page
    assert not Campaign.objects.exists()
    point = client.get(confirm).context["point"].name
    client.post(confirm, {"name": "My best prompts", "point": point, "start": "1"})
    campaign = Campaign.objects.get()
    assert campaign.slug == "my-best-prompts"
    assert list(campaign.current.questions.values_list("kind", flat=True)) == kinds
    assert run(ImportJob.objects.get()).done == 2
    answer = client.post(f"/campaigns/{campaign.slug}/state/", {"change": "launch", "then": "annotate"})
    page = text_of(client.get(answer.headers["Location"]))
    assert "Question 0?" in page or "Question 1?" in page


def test_ratings_with_rankings_propose_both_questions(researcher: User) -> None:
    client = signed_in(researcher)
    rankings = upload(b"Explain.,,First one.,Second one.,(a)\nName.,,Third one.,Fourth one.,equal\n", "rankings.csv")
    context = client.get(sent(client, rankings, address="/start/")).context
    assert context["point"].name == "both"
    assert context["choice"].options == {"rating": "rating", "preference": "preference"}


def test_comparing_single_completions_is_refused(researcher: User) -> None:
    client = signed_in(researcher)
    confirm = sent(client, upload(lines(*pair_rows(2, 1))), address="/start/")
    answer = client.post(confirm, {"name": "Mine", "point": "compare", "start": "1"})
    assert answer.status_code == 422
    assert "needs at least 2 completions" in text_of(answer)
    assert not Campaign.objects.exists()


def test_a_file_without_a_readable_row_is_refused_with_the_reason(researcher: User) -> None:
    answer = signed_in(researcher).post("/start/", {"file": upload(b'{"prompt":\n}}\nhello\n')})
    assert answer.status_code == 422
    assert "None of the first rows can be read. Row 1: line 1 is not valid JSON" in text_of(answer)


def test_a_file_with_some_readable_rows_is_taken(researcher: User) -> None:
    file = upload(b'{"prompt":\n' + lines(*pair_rows(1)))
    assert sent(signed_in(researcher), file, address="/start/").startswith("/start/")


def test_a_campaign_needs_a_name(researcher: User) -> None:
    client = signed_in(researcher)
    confirm = sent(client, upload(lines(*pair_rows(2))), address="/start/")
    answer = client.post(confirm, {"name": " ", "point": "compare", "start": "1"})
    assert answer.status_code == 422
    assert "1 to 200 characters" in text_of(answer)


@pytest.mark.parametrize(
    ("file", "slugs"), [("日本語.jsonl", ["campaign", "campaign-2"]), ("new.jsonl", ["new-2", "new-3"])]
)
def test_names_that_make_no_free_short_name_get_one(researcher: User, file: str, slugs: list[str]) -> None:
    client = signed_in(researcher)
    for _ in range(2):
        confirm = sent(client, upload(lines(*pair_rows(1)), file), address="/start/")
        context: Any = client.get(confirm).context
        client.post(confirm, {"name": context["name"].value, "point": "compare", "start": "1"})
    assert sorted(Campaign.objects.values_list("slug", flat=True)) == slugs


def test_a_start_belongs_to_who_uploaded(researcher: User) -> None:
    confirm = sent(signed_in(researcher), upload(lines(*pair_rows(1))), address="/start/")
    assert signed_in(make_user("otto", role="researcher")).get(confirm).status_code == 404


def test_annotators_start_nothing(annotator: User) -> None:
    client = signed_in(annotator)
    assert client.get("/start/").status_code == 403
    assert client.post("/start/", {"file": upload(b"{}")}).status_code == 403
    assert client.get("/start/abc/").status_code == 403


def test_pressing_the_button_again_leads_to_the_import_that_began(researcher: User) -> None:
    client = signed_in(researcher)
    confirm = sent(client, upload(lines(*pair_rows(2))), address="/start/")
    form = {"name": "Mine", "point": "compare", "start": "1"}
    first, second = client.post(confirm, form), client.post(confirm, form)
    assert first.headers["Location"] == second.headers["Location"]
    assert client.get(confirm).headers["Location"] == first.headers["Location"]
    assert (Campaign.objects.count(), ImportJob.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_campaign(researcher: User) -> None:
    """Two requests at once, each with the session as it was before."""
    client = signed_in(researcher)
    confirm = sent(client, upload(lines(*pair_rows(2))), address="/start/")
    form = {"name": "Mine", "point": "compare", "start": "1"}
    session = client.session
    waiting = dict(session.items())

    def press() -> str:
        other = Client()
        other.force_login(researcher)
        own = other.session
        own.update({key: value for key, value in waiting.items() if key == "uploads"})
        own.save()
        try:
            return other.post(confirm, form).headers["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        locations = {future.result() for future in [pool.submit(press), pool.submit(press)]}
    assert len(locations) == 1
    assert (Campaign.objects.count(), ImportJob.objects.count()) == (1, 1)
