from typing import Any

import pytest

from annotate.models import Campaign, User
from tests.annotate.views.pages import HTMX, posted, question, signed_in, text_of
from tests.factories import import_rows, make_campaign, pair_rows

pytestmark = pytest.mark.django_db
NEW = "/campaigns/new/"
RATING: dict[str, Any] = {"min": "1", "max": "7", "step": "1", "labels": "bad\r\ngood", "widget": ""}


def test_a_campaign_is_made_from_the_form(researcher: User) -> None:
    form = posted(
        question(0, "rating", "each", name="quality", title="How good?", required="on", **RATING),
        question(1, name="better", required="on", allow_tie="on", strengths="a bit\r\n\r\na lot"),
        question(2, "choice", "pair", name="why", options="facts = It has more facts\r\nstyle"),
        name="Good pairs",
        slug="",
        overlap="3",
        guidelines="Read\r\nboth.",
        save="1",
    )
    answer = signed_in(researcher).post(NEW, form)
    assert answer.headers["Location"] == "/campaigns/good-pairs/"
    campaign = Campaign.objects.get()
    assert (campaign.name, campaign.current.overlap, campaign.current.guidelines) == ("Good pairs", 3, "Read\nboth.")
    rating, better, why = campaign.current.questions.all()
    assert (rating.title, rating.view.shows, rating.config["labels"]) == ("How good?", "each", ["bad", "good"])
    assert better.config == {"strengths": ["a bit", "a lot"], "allow_tie": True, "both_bad": False}
    assert (why.required, why.config["options"][0]) == (False, {"key": "facts", "text": "It has more facts"})


@pytest.mark.parametrize(("who", "overlap", "judges"), [("people", 2, 0), ("judge", 0, 1), ("both", 2, 1)])
def test_who_answers_decides_overlap_and_judge(researcher: User, who: str, overlap: int, judges: int) -> None:
    signed_in(researcher).post(NEW, posted(question(0, name="x"), who=who, overlap="2", save="1"))
    campaign = Campaign.objects.get()
    assert campaign.current.overlap == overlap
    assert campaign.members.filter(annotator__kind="judge").count() == judges


def test_an_error_stands_beside_its_field_and_keeps_what_was_typed(researcher: User) -> None:
    form = posted(
        question(0, "rating", "each", name="q", **{**RATING, "min": "9"}), name="Mine", slug="Not Good", save="1"
    )
    answer = signed_in(researcher).post(NEW, form)
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'id="id_q0-min_error">must be below max' in page
    assert 'id="id_slug_error">must be lower-case' in page
    assert 'value="Not Good"' in page
    assert not Campaign.objects.exists()


def test_a_word_where_a_number_belongs_is_refused(researcher: User) -> None:
    form = posted(question(0, "rating", "each", name="q", **{**RATING, "max": "seven"}), overlap="many", save="1")
    page = text_of(signed_in(researcher).post(NEW, form))
    assert 'id="id_q0-max_error">must be a number' in page
    assert 'id="id_overlap_error"' in page
    assert 'value="seven"' in page


def test_people_need_an_overlap(researcher: User) -> None:
    answer = signed_in(researcher).post(NEW, posted(question(0, name="x"), overlap="0", save="1"))
    assert answer.status_code == 422
    assert "at least 1 where people answer" in text_of(answer)


def test_a_taken_short_name_is_said(researcher: User) -> None:
    make_campaign(researcher, "pairs")
    answer = signed_in(researcher).post(NEW, posted(question(0, name="x"), save="1"))
    assert answer.status_code == 409
    assert 'id="id_slug_error">in use' in text_of(answer)


def test_new_is_no_short_name(researcher: User) -> None:
    answer = signed_in(researcher).post(NEW, posted(question(0, name="x"), slug="new", save="1"))
    assert answer.status_code == 422


def test_a_button_adds_a_question_without_losing_the_others(researcher: User) -> None:
    page = text_of(signed_in(researcher).post(NEW, posted(question(0, title="Which?"), name="Kept", add_question="1")))
    assert 'value="Which?"' in page
    assert 'value="Kept"' in page
    assert page.count('name="q" value=') == 2
    assert 'name="q1-min"' in page


def test_a_button_removes_a_question(researcher: User) -> None:
    form = posted(question(0, title="First?"), question(1, title="Second?"), remove_question="0")
    page = text_of(signed_in(researcher).post(NEW, form))
    assert "First?" not in page
    assert 'name="q0-title" value="Second?"' in page


def test_htmx_gets_the_questions_alone(researcher: User) -> None:
    page = text_of(signed_in(researcher).post(NEW, posted(question(0), add_question="1"), headers=HTMX))
    assert page.startswith('<section class="stack" id="questions"')
    assert page.count('name="q" value=') == 2


def test_a_starting_point_replaces_the_questions(researcher: User) -> None:
    page = text_of(signed_in(researcher).post(NEW, posted(question(0, title="Old?"), name="Kept", start="both")))
    assert "Old?" not in page
    assert 'value="rating"' in page
    assert 'value="preference"' in page
    assert 'value="Kept"' in page


def test_another_kind_brings_its_settings_and_their_defaults(researcher: User) -> None:
    card = question(0, "pairwise", "each", kind_was="rating", name="rating", min="1", max="9")
    page = text_of(signed_in(researcher).post(NEW, posted(card)))
    assert 'name="q0-allow_tie" value="on" checked' in page
    assert "q0-min" not in page
    assert 'name="q0-name" value="pairwise"' in page


def test_a_campaign_without_questions_is_refused(researcher: User) -> None:
    answer = signed_in(researcher).post(NEW, posted(save="1"))
    assert answer.status_code == 422
    assert "must be a list of at least one" in text_of(answer)


def test_annotators_make_no_campaigns(annotator: User) -> None:
    assert signed_in(annotator).get(NEW).status_code == 403
    assert signed_in(annotator).post(NEW, posted(question(0), save="1")).status_code == 403


def test_a_change_is_a_new_version_that_keeps_what_the_form_does_not_show(researcher: User) -> None:
    questions: list[dict[str, Any]] = [
        {"name": "better", "kind": "pairwise", "view": "duel"},
        {"name": "why", "kind": "text", "view": "duel", "when": {"question": "better", "equals": {"preferred": "a"}}},
    ]
    views = [{"name": "duel", "shows": "pair", "pairs": 2}]
    campaign = make_campaign(researcher, questions=questions, views=views, spacing=9)
    client = signed_in(researcher)
    kept = client.get("/campaigns/pairs/edit/").context["cards"]
    condition = {"when": "better", "when_was": "better", "when_is": '{"equals": {"preferred": "a"}}'}
    form = posted(
        question(0, name="better", kept=kept[0].kept, allow_tie="on"),
        question(1, "text", name="why", kept=kept[1].kept, per="unit", **condition),
        name="Renamed",
        guidelines="New.",
        save="1",
    )
    assert client.post("/campaigns/pairs/edit/", form).status_code == 302
    campaign.refresh_from_db()
    version = campaign.current
    assert (version.number, version.guidelines, version.config["spacing"], campaign.name) == (2, "New.", 9, "Renamed")
    better, why = version.questions.all()
    assert (better.view.name, better.view.pairs) == ("duel", 2)
    assert why.when == {"question": "better", "equals": {"preferred": "a"}}


def test_once_there_are_items_the_screens_stay(researcher: User) -> None:
    campaign = make_campaign(researcher)
    import_rows(campaign, pair_rows(1))
    client = signed_in(researcher)
    assert "readonly" in text_of(client.get("/campaigns/pairs/edit/"))
    answer = client.post("/campaigns/pairs/edit/", posted(question(0, name="overall", shows="pair"), save="1"))
    assert answer.status_code == 409
    assert "start a new campaign" in text_of(answer)
