"""How annotators see a campaign, for those who run it."""

import pytest

from annotate.models import Annotation, Assignment, User
from tests.annotate.views.pages import signed_in, text_of
from tests.factories import PAIRWISE_PAIR, RATING_EACH, import_rows, make_campaign, make_user, pair_rows

pytestmark = pytest.mark.django_db
PREVIEW = "/campaigns/pairs/preview/"


def test_the_first_item_is_shown_with_the_questions_of_each_screen(researcher: User) -> None:
    import_rows(make_campaign(researcher, questions=[RATING_EACH, PAIRWISE_PAIR], guidelines="Be fair."), pair_rows(2))
    client = signed_in(researcher)
    page = text_of(client.get(PREVIEW))
    assert "Question 0?" in page
    assert "Be fair." in page
    assert 'data-question="score"' in page
    assert 'data-question="better"' not in page
    assert 'data-question="better"' in text_of(client.get(PREVIEW + "?screen=pair"))
    assert 'data-question="score"' in text_of(client.get(PREVIEW + "?screen=nothing"))


def test_the_current_version_is_shown_and_nothing_is_leased_or_kept(researcher: User) -> None:
    campaign = make_campaign(researcher, questions=[PAIRWISE_PAIR])
    import_rows(campaign, pair_rows(1))
    client = signed_in(researcher)
    client.post(
        "/campaigns/pairs/edit/",
        {"name": "pairs", "who": "people", "overlap": "1", "q": "0", "q0-kind": "rating", "q0-kind_was": "rating"}
        | {
            "q0-name": "better",
            "q0-shows": "pair",
            "q0-title": "Asked anew?",
            "q0-min": "1",
            "q0-max": "3",
            "save": "1",
        },
    )
    before = list(Assignment.objects.order_by("pk").values())
    assert "Asked anew?" in text_of(client.get(PREVIEW))
    assert list(Assignment.objects.order_by("pk").values()) == before
    assert not Annotation.objects.exists()


def test_before_there_are_items_the_way_to_import_is_shown(researcher: User) -> None:
    make_campaign(researcher)
    assert "There is no item yet" in text_of(signed_in(researcher).get(PREVIEW))


def test_only_those_who_run_the_campaign_see_it(researcher: User, annotator: User) -> None:
    make_campaign(researcher)
    assert signed_in(annotator).get(PREVIEW).status_code == 404
    assert signed_in(make_user("otto", role="researcher")).get(PREVIEW).status_code == 404
