"""The campaign form sets everything that a definition knows, and changes nothing that nobody touched."""

from typing import Any

import pytest

from annotate.api.payloads import campaign_payload
from annotate.definition import KEYS, QUESTION_KEYS
from annotate.models import Campaign, User
from annotate.views.study_options import PARTS
from tests.annotate.kinds.examples import EXAMPLES
from tests.annotate.views.pages import HTMX, posted, question, signed_in, text_of
from tests.annotate.views.sent_form import sent_form
from tests.factories import make_campaign

pytestmark = pytest.mark.django_db
NEW, EDIT = "/campaigns/new/", "/campaigns/pairs/edit/"
YES_NO: dict[str, Any] = {
    "name": "flawed",
    "kind": "choice",
    "config": {"options": [{"key": "yes", "text": "Yes, it is"}, "no"]},
}


def shown_form(user: User, address: str = EDIT) -> dict[str, Any]:
    return sent_form(signed_in(user).get(address).content.decode(), "campaign-form")


def definition_of(campaign: Campaign) -> dict[str, Any]:
    payload = campaign_payload(Campaign.objects.get(pk=campaign.pk))
    return {key: value for key, value in payload.items() if key not in ("version", "progress", "state")}


def saved_again(campaign: Campaign, user: User) -> dict[str, Any]:
    answer = signed_in(user).post(EDIT, shown_form(user) | {"save": "1"})
    assert answer.status_code == 302, text_of(answer)
    return definition_of(campaign)


def every_example() -> list[dict[str, Any]]:
    return [
        {"name": f"q{i}", "kind": example.kind, "shows": example.shows, "config": example.config}
        for i, example in enumerate(EXAMPLES)
    ]


def test_opening_and_saving_changes_nothing_of_any_kind(researcher: User) -> None:
    campaign = make_campaign(researcher, questions=every_example())
    before = definition_of(campaign)
    after = saved_again(campaign, researcher)
    assert after["questions"] == before["questions"]
    assert after["views"] == before["views"]


def test_opening_and_saving_changes_no_option(researcher: User) -> None:
    reasons = [{"key": "cut -> off", "text": "Cut\noff", "then": "remove"}, {"key": "a = b"}, "plain"]
    options: dict[str, Any] = {
        "text_format": "plain",
        "reference": "folded",
        "suggestions": "after",
        "revisions": False,
        "skip_reasons": reasons,
        "flag_reasons": [{"key": "unsure", "then": "adjudicate"}],
        "lease_minutes": 12.5,
        "spacing": 0,
        "guidelines": "Read\n\nall of it.",
        "overlap": 3,
        "views": [{"name": "duel", "shows": "pair", "pairs": 2}],
    }
    campaign = make_campaign(researcher, questions=[{"name": "q", "kind": "pairwise", "view": "duel"}], **options)
    before = definition_of(campaign)
    assert before.items() >= {"text_format": "plain", "revisions": False, "lease_minutes": 12.5}.items()
    assert saved_again(campaign, researcher) == before


@pytest.mark.parametrize(
    ("first", "condition"),
    [
        (YES_NO, {"equals": "yes"}),
        (YES_NO, {"answered": True}),
        ({**YES_NO, "config": {**YES_NO["config"], "multiple": True}}, {"equals": ["yes"]}),
        ({"name": "flawed", "kind": "pairwise"}, {"equals": {"preferred": "a"}}),
    ],
)
def test_opening_and_saving_keeps_a_condition(
    researcher: User, first: dict[str, Any], condition: dict[str, Any]
) -> None:
    when = {"question": "flawed", **condition}
    campaign = make_campaign(researcher, questions=[first, {"name": "why", "kind": "text", "when": when}])
    assert saved_again(campaign, researcher)["questions"][1]["when"] == when


def test_the_form_offers_the_earlier_questions_of_the_screen_and_their_options(researcher: User) -> None:
    make_campaign(
        researcher,
        questions=[
            YES_NO,
            {"name": "score", "kind": "rating", "shows": "each"},
            {"name": "why", "kind": "text", "when": {"question": "flawed", "equals": "yes"}},
        ],
    )
    first, second, third = signed_in(researcher).get(EDIT).context["cards"]
    assert (list(first.condition), list(second.condition)) == ([], [])
    decides, answer = third.condition
    assert [value for value, _ in decides.choices] == ["", "flawed"]
    assert [label for _, label in answer.choices] == ["is given, whatever it is", "is “Yes, it is”", "is “no”"]
    assert answer.value == '{"equals": "yes"}'


def test_a_condition_is_set_in_two_steps_without_a_script(researcher: User) -> None:
    cards = [
        question(0, "choice", "all", name="flawed", options="yes\r\nno"),
        question(1, "text", "all", name="why", per="unit", when="flawed"),
    ]
    client = signed_in(researcher)
    page = client.post(NEW, posted(*cards, refresh="1")).content.decode()
    form = sent_form(page, "campaign-form")
    assert form["q1-when_is"] == ['{"answered": true}']
    client.post(NEW, form | {"q1-when_is": '{"equals": "no"}', "save": "1"})
    assert Campaign.objects.get().current.questions.get(name="why").when == {"question": "flawed", "equals": "no"}


def test_a_condition_follows_a_question_that_is_renamed(researcher: User) -> None:
    when = {"question": "flawed", "equals": "yes"}
    campaign = make_campaign(researcher, questions=[YES_NO, {"name": "why", "kind": "text", "when": when}])
    form = shown_form(researcher) | {"q0-name": "faulty", "save": "1"}
    assert signed_in(researcher).post(EDIT, form).status_code == 302
    assert definition_of(campaign)["questions"][1]["when"] == {**when, "question": "faulty"}


def test_a_condition_whose_question_is_removed_is_not_dropped_silently(researcher: User) -> None:
    when = {"question": "flawed", "equals": "yes"}
    make_campaign(researcher, questions=[YES_NO, {"name": "why", "kind": "text", "when": when}])
    client = signed_in(researcher)
    page = client.post(EDIT, shown_form(researcher) | {"remove_question": "0"}).content.decode()
    assert "“flawed”, which is not there" in page
    answer = client.post(EDIT, sent_form(page, "campaign-form") | {"save": "1"})
    assert answer.status_code == 422
    assert 'id="id_q0-when_error"' in text_of(answer)


def test_what_a_condition_depends_on_can_be_anything(researcher: User) -> None:
    for junk in ("[", "3", '{"equals": {}}', "[" * 100_000, '{"question": "x"}'):
        card = question(0, "text", "all", name="why", per="unit", when="flawed", when_was="flawed", when_is=junk)
        assert signed_in(researcher).post(NEW, posted(card, save="1")).status_code == 422


def test_options_of_the_page_are_set(researcher: User) -> None:
    form = shown_form(researcher, NEW) | {
        "name": "Mine",
        "reference": "folded",
        "suggestions": "after",
        "text_format": "plain",
        "skip_reasons": "Broken item -> remove\r\n\r\nhard = Too hard for me",
        "lease_minutes": "7.5",
        "spacing": "",
        "save": "1",
    }
    del form["revisions"]
    assert signed_in(researcher).post(NEW, form).status_code == 302
    config = Campaign.objects.get().current.config
    assert (config["reference"], config["suggestions"], config["text_format"]) == ("folded", "after", "plain")
    assert (config["revisions"], config["lease_minutes"], config["spacing"]) == (False, 7.5, 5)
    assert config["skip_reasons"] == [
        {"key": "Broken item", "text": "Broken item", "then": "remove"},
        {"key": "hard", "text": "Too hard for me", "then": "another"},
    ]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("skip_reasons", "fine\r\nBroken -> delete", "line 2, then: must be another, remove or adjudicate"),
        ("skip_reasons", "", "must be a list of 1 to 9"),
        ("flag_reasons", "a\r\na", "names one key twice"),
        ("reference", "everywhere", "must be hidden, folded or open"),
        ("lease_minutes", "soon", "must be a number from 0.1"),
        ("spacing", "-1", "must be a whole number from 0"),
    ],
)
def test_a_wrong_option_is_said_beside_its_field(researcher: User, field: str, typed: str, said: str) -> None:
    form = shown_form(researcher, NEW) | {"name": "Mine", field: typed, "save": "1"}
    answer = signed_in(researcher).post(NEW, form)
    assert answer.status_code == 422
    assert f'id="id_{field}_error">{said}' in text_of(answer)
    assert not Campaign.objects.exists()


def test_a_wrong_line_of_a_setting_is_said_beside_it(researcher: User) -> None:
    card = question(0, "checklist", "all", name="q", points="a = A\r\nb = B | weight heavy", points_from="campaign")
    answer = signed_in(researcher).post(NEW, posted(card, save="1"))
    assert answer.status_code == 422
    assert 'id="id_q0-points_error">line 2, weight: ' in text_of(answer)
    assert "b = B | weight heavy" in text_of(answer)


def test_a_shortcut_that_the_page_uses_is_refused_beside_the_options(researcher: User) -> None:
    card = question(0, "choice", "all", name="flaws", options="rude = Rude | key s\r\nlong")
    answer = signed_in(researcher).post(NEW, posted(card, save="1"))
    assert answer.status_code == 422
    page = text_of(answer)
    assert 'id="id_q0-options_error">question flaws: ' in page
    assert "has the key S, which is the page&#x27;s key for “Skip this item”; choose another key" in page


def test_the_settings_follow_what_is_chosen(researcher: User) -> None:
    cards = [
        question(0, "choice", "all", name="flawed", options="yes\r\nno"),
        question(1, "text", "each", name="why", per="unit", when="flawed"),
    ]
    page = text_of(signed_in(researcher).post(NEW, posted(*cards, refresh="1"), headers=HTMX))
    assert "“flawed”, which is not there" in page


def test_every_part_of_a_definition_has_its_place_in_the_form(researcher: User) -> None:
    make_campaign(researcher, questions=[YES_NO, {"name": "why", "kind": "text"}], own_statistics=True)
    names = set(shown_form(researcher))
    elsewhere = {"questions", "views", "judges"}
    of_parts = {key for key, parts in PARTS.items() if {f"{key}_{part}" for part in parts} <= names}
    assert {key for key in KEYS if key not in names | of_parts} == elsewhere
    of_question = {name.removeprefix("q1-") for name in names}
    assert {key for key in QUESTION_KEYS if key not in of_question} == {"config", "view", "required"} - of_question
