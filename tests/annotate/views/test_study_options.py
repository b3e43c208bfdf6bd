"""Silent repeats and the experiment in the campaign form, and what the pages count of them."""

import re
from typing import Any

import pytest

from annotate.asking_again import ask_again
from annotate.assigning import claim
from annotate.models import Assignment, Campaign, Unit, User
from annotate.submitting import submit
from tests.annotate.test_arms import ARMS, QUESTIONS
from tests.annotate.views.pages import posted, question, signed_in, text_of
from tests.annotate.views.sent_form import sent_form
from tests.factories import import_rows, make_campaign, pair_rows, person, running_campaign

pytestmark = pytest.mark.django_db
NEW, EDIT = "/campaigns/new/", "/campaigns/pairs/edit/"


def made(user: User, **fields: Any) -> Any:
    client = signed_in(user)
    form = sent_form(client.get(NEW).content.decode(), "campaign-form")
    return client.post(NEW, form | posted(question(0, name="better"), save="1", **fields))


def option_of(name: str) -> Any:
    return Campaign.objects.get(slug="pairs").current.config.get(name)


@pytest.mark.parametrize(
    ("share", "delay", "stored"),
    [
        ("10", "", {"share": 0.1, "delay_minutes": 60}),
        ("7", "1440", {"share": 0.07, "delay_minutes": 1440}),
        ("12.5", "0", {"share": 0.125, "delay_minutes": 0}),
        ("", "60", None),
        ("0", "60", None),
    ],
)
def test_the_share_is_typed_in_percent(researcher: User, share: str, delay: str, stored: Any) -> None:
    assert made(researcher, repeats_share=share, repeats_delay_minutes=delay).status_code == 302
    assert option_of("repeats") == stored
    shown = sent_form(signed_in(researcher).get(EDIT).content.decode(), "campaign-form")
    assert shown["repeats_share"] == [share if stored else ""]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"repeats_share": "150"}, "must be a number from 0 to 100"),
        ({"repeats_share": "some"}, "must be a number from 0 to 100"),
        ({"repeats_share": "10", "repeats_delay_minutes": "-1"}, "must be a number from 0 to 43200"),
        ({"arms_checklist": "points"}, "must be the name of a question"),
        ({"arms_checklist": "points", "arms_rating": "better", "overlap": "2"}, "there is no question points"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_kept(researcher: User, fields: dict[str, str], words: str) -> None:
    answer = made(researcher, **fields)
    assert answer.status_code == 422
    page = text_of(answer)
    assert words in page
    assert "<details open>" in page
    shown = sent_form(answer.content.decode(), "campaign-form")
    assert {name: shown[name] for name in fields} == {name: [value] for name, value in fields.items()}
    assert not Campaign.objects.exists()


def test_opening_and_saving_changes_neither(researcher: User) -> None:
    options: dict[str, Any] = {"repeats": {"share": 0.07, "delay_minutes": 90}, "arms": ARMS}
    campaign = make_campaign(researcher, questions=QUESTIONS, overlap=2, **options)
    import_rows(campaign, pair_rows(1))
    client = signed_in(researcher)
    page = client.get(EDIT).content.decode()
    assert "The experiment stays as it is" in page
    answer = client.post(EDIT, sent_form(page, "campaign-form") | {"save": "1"})
    assert answer.status_code == 302
    assert {name: option_of(name) for name in options} == options


def test_repeats_can_be_switched_off_again(researcher: User) -> None:
    make_campaign(researcher, repeats={"share": 0.5})
    client = signed_in(researcher)
    form = sent_form(client.get(EDIT).content.decode(), "campaign-form")
    assert client.post(EDIT, form | {"save": "1", "repeats_share": [""]}).status_code == 302
    assert option_of("repeats") is None


def test_annotators_see_figures_of_their_own_where_the_box_is_ticked(researcher: User) -> None:
    assert made(researcher).status_code == 302
    assert option_of("own_statistics") is False
    client = signed_in(researcher)
    form = sent_form(client.get(EDIT).content.decode(), "campaign-form")
    assert "own_statistics" not in form
    assert client.post(EDIT, form | {"save": "1", "own_statistics": "on"}).status_code == 302
    assert option_of("own_statistics") is True
    assert sent_form(client.get(EDIT).content.decode(), "campaign-form")["own_statistics"] == ["on"]


def test_the_campaigns_page_counts_what_is_beside_the_base_design(researcher: User, annotator: User) -> None:
    campaign = running_campaign(researcher, 1, [annotator], repeats={"share": 1})
    client = signed_in(researcher)
    assert "silent repeats" not in text_of(client.get("/campaigns/pairs/"))
    held = claim(campaign, person(annotator))
    assert held is not None
    submit(held, person(annotator), {"overall": {"preferred": "a"}})
    ask_again(campaign, [Unit.objects.get().pk])
    page = text_of(client.get("/campaigns/pairs/"))
    assert "silent repeats, 1 to come" in page
    assert "asked again, 1 to come" in page
    assert "1 of 1" in page
    (line,) = client.get("/campaigns/pairs/items/").context["lines"]
    assert (line.done, line.wanted) == (1, 1)


def test_a_repeat_looks_like_any_other_item(researcher: User, annotator: User) -> None:
    """The same words, but for the order of the responses, the number of the item and the end of its lease."""
    running_campaign(researcher, 1, [annotator], repeats={"share": 1, "delay_minutes": 0})
    client = signed_in(annotator)

    def words() -> list[str]:
        page = client.get("/campaigns/pairs/annotate/").content.decode()
        item = page[page.index("<article") : page.index("</article>")]
        return sorted(re.sub(r'\d+|value="[\w+/=]{40,}"', "", item).split())

    first = words()
    held = Assignment.objects.get(state="leased")
    submit(held, person(annotator), {"overall": {"preferred": "a"}}, claim_next=False)
    assert words() == first
    assert Assignment.objects.get(state="leased").purpose == "repeat"
