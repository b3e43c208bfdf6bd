"""What an annotator sees of his own figures, and who sees none."""

from typing import Any

import pytest
from django.test import Client

from annotate.assigning import claim
from annotate.campaigns import add_member
from annotate.models import Annotation, Campaign, User
from annotate.standing import exclude
from annotate.submitting import submit
from routing.annotators.own import OWN, own_lines
from routing.reports import refresh
from tests.annotate.views.pages import signed_in, text_of
from tests.factories import make_user, person, running_campaign

pytestmark = pytest.mark.django_db
PAGE, MINE = "/campaigns/pairs/my-quality/", "/campaigns/pairs/mine/"


def answered(researcher: User, people: list[User], count: int = 20, **spec: Any) -> Campaign:
    """Everybody prefers a in all of `count` pairs, and the last of them b in every fourth."""
    campaign = running_campaign(researcher, count, people, overlap=len(people), **spec)
    for user in people:
        done = 0
        while held := claim(campaign, person(user)):
            odd = user is people[-1] and done % 4 == 0
            submit(held, person(user), {"overall": {"preferred": "b" if odd else "a"}}, claim_next=False)
            done += 1
        assert done == count
    Annotation.objects.filter(campaign=campaign).update(active_seconds=12)
    refresh(campaign, ["annotators"])
    return campaign


def page(user: User) -> str:
    answer = signed_in(user).get(PAGE)
    assert answer.status_code == 200
    return text_of(answer).replace("\u00a0", " ")


def test_one_sees_ones_own_figures_and_nobodys_name(researcher: User, annotator: User) -> None:
    zoe = make_user("zoe")
    campaign = answered(researcher, [annotator, zoe], own_statistics=True)
    text = page(annotator)
    assert "Agreement with the others" in text
    assert ">12 s</b>" in text
    assert "from 20 answers" in text
    assert "The longer response (pairs), from 20 on" in text
    for word in ("zoe", "flag", "gold", "Gold", "adjusted"):
        assert word not in text
    assert "My figures" in text_of(signed_in(annotator).get(MINE))
    exclude(campaign, person(zoe), person(researcher), "careless")
    refresh(campaign, ["annotators"])
    assert "from 20 answers" in page(zoe)
    assert "careless" not in page(zoe)
    assert "excluded" not in page(zoe)
    assert "No figures yet" in page(researcher)


def test_before_the_first_answers_it_says_what_will_come(researcher: User, annotator: User) -> None:
    campaign = running_campaign(researcher, 3, [annotator], own_statistics=True)
    assert "No figures yet" in page(annotator)
    held = claim(campaign, person(annotator))
    assert held is not None
    submit(held, person(annotator), {"overall": {"preferred": "a"}})
    refresh(campaign, ["annotators"])
    assert "No figures yet" in page(annotator)


def test_there_is_no_page_unless_the_campaign_has_one(researcher: User, annotator: User, client: Client) -> None:
    campaign = running_campaign(researcher, 1, [annotator])
    assert signed_in(annotator).get(PAGE).status_code == 404
    assert signed_in(researcher).get(PAGE).status_code == 404
    assert "My figures" not in text_of(signed_in(annotator).get(MINE))
    other = running_campaign(researcher, 1, slug="other", own_statistics=True)
    assert signed_in(annotator).get("/campaigns/other/my-quality/").status_code == 404
    add_member(other, person(annotator))
    assert signed_in(annotator).get("/campaigns/other/my-quality/").status_code == 200
    assert client.get("/campaigns/other/my-quality/")["Location"].startswith("/login/")
    assert signed_in(annotator).post("/campaigns/other/my-quality/").status_code == 405
    assert campaign.current.config.get("own_statistics", False) is False


def test_the_end_of_the_work_leads_there(researcher: User, annotator: User) -> None:
    answered(researcher, [annotator], 1, own_statistics=True)
    assert f'href="{PAGE}"' in text_of(signed_in(annotator).get("/campaigns/pairs/annotate/"))


def signal(value: float, n: int, **more: Any) -> dict[str, Any]:
    return {"value": value, "interval": [value - 0.112, value + 0.112], "n": n, "p": 0.0001, "flagged": True, **more}


def test_figures_are_no_finer_than_their_steps() -> None:
    signals = {
        "agreement": signal(0.6314, 40),
        "retest": signal(0.876, 12),
        "position": signal(0.5, 30),
        "length": signal(-0.1234, 25),
        "pace": {"value": 1201.26, "interval": [900.4, 1500.6], "n": 50},
        "gold": signal(0.2, 50),
    }
    lines, waiting = own_lines({"annotators": [{"id": 1, "signals": {}}, {"id": 7, "signals": signals}]}, 7)
    plain = [(line.value.replace("\u00a0", " "), line.interval.replace("\u00a0", " "), line.n) for line in lines]
    assert plain == [
        ("0.6", "0.5 to 0.7", 40),
        ("88 %", "76 to 99 %", 12),
        ("50 %", "39 to 61 %", 30),
        ("−12 in 100", "−24 to −1 in 100", 25),
        ("1,201 s", "900 to 1,501 s", 50),
    ]
    assert waiting == []


def test_of_too_few_answers_nothing_is_said() -> None:
    few = {"agreement": signal(1, 19), "length": signal(0, 19), "position": signal(0.5, 9), "pace": signal(3, 10)}
    lines, waiting = own_lines({"annotators": [{"id": 7, "signals": few}]}, 7)
    assert [line.title for line in lines] == [OWN["pace"].title]
    assert [fewest for _, fewest in waiting] == [20, 10, 10, 20]
    assert own_lines({"annotators": []}, 7)[0] == []
