"""Asking again over HTTP, and what annotators are not told."""

import pytest

from annotate.models import Annotation, Assignment, Campaign, Unit, User
from annotate.submitting import submit
from tests.annotate.api.conftest import Caller
from tests.factories import person, running_campaign

pytestmark = pytest.mark.django_db

URL = "campaigns/pairs/ask-again/"
A = {"overall": {"preferred": "a"}}


def unit_of(campaign: Campaign) -> int:
    return Unit.objects.filter(campaign=campaign).order_by("pk")[0].pk


def answered(campaign: Campaign, annotator: User) -> int:
    """The first unit, answered."""
    row = Assignment.objects.filter(campaign=campaign).order_by("rank")[0]
    Assignment.objects.filter(pk=row.pk).update(
        state="leased", annotator=person(annotator), leased_until="2100-01-01T00:00Z"
    )
    submit(row, person(annotator), A, claim_next=False)
    return row.unit_id


def test_a_researcher_asks_looks_and_takes_back(boss: Caller, campaign: Campaign, annotator: User) -> None:
    unit = answered(campaign, annotator)
    made = boss("post", URL, {"units": [unit, 10**9]})
    reason = {"unit": 10**9, "reason": "there is no such unit in this campaign"}
    assert (made.status_code, made.json()) == (201, {"made": 1, "left_out": [reason]})
    same = boss("post", URL, {"units": [unit], "who": "same"})
    assert (same.status_code, same.json()["made"]) == (201, 1)
    again = boss("post", URL, {"units": [unit]})
    assert (again.status_code, again.json()["made"]) == (200, 0)
    listed = boss("get", URL).json()
    shown = {"unit": unit, "item": "r0", "view": "all", "keys": ["a", "b"], "state": "open"}
    assert [{name: row[name] for name in shown} for row in listed["results"]] == [shown, shown]
    assert [(row["who"], row["annotator"]) for row in listed["results"]] == [("others", None), ("same", "anna")]
    assert boss("post", URL + "cancel/", {"units": []}).json() == {"cancelled": 0}
    assert boss("post", URL + "cancel/").json() == {"cancelled": 2}
    assert boss("get", URL).json() == {"results": [], "next": None}


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "units"),
        ({"units": "all"}, "units"),
        ({"units": [1.5]}, "units"),
        ({"units": [10**40]}, "units"),
        ({"units": [1], "who": "me"}, "who"),
        ({"units": [1], "who": None}, "who"),
        ({"units": [1], "who": ["same"]}, "who"),
    ],
)
def test_what_is_wrong_is_named(boss: Caller, campaign: Campaign, sent: dict[str, object], field: str) -> None:
    answer = boss("post", URL, sent)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


def test_a_wrong_cancel_is_refused(boss: Caller, campaign: Campaign) -> None:
    for units in ([10**40], "all", [-1]):
        answer = boss("post", URL + "cancel/", {"units": units})
        assert (answer.status_code, list(answer.json()["fields"])) == (422, ["units"])


def test_a_closed_campaign_is_not_asked(boss: Caller, campaign: Campaign) -> None:
    boss("post", "campaigns/pairs/close/")
    answer = boss("post", URL, {"units": [unit_of(campaign)]})
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


def test_annotators_may_neither_ask_nor_look(anna: Caller, campaign: Campaign) -> None:
    for method, url in (("get", URL), ("post", URL), ("post", URL + "cancel/")):
        assert anna(method, url, {} if method == "post" else None).status_code == 403
    assert not Assignment.objects.filter(purpose="again").exists()


def test_annotators_are_told_neither_of_repeats_nor_of_arms(
    boss: Caller, anna: Caller, researcher: User, annotator: User
) -> None:
    running_campaign(researcher, 1, [annotator], repeats={"share": 1, "delay_minutes": 0})
    told = anna("get", "campaigns/pairs/").json()
    assert not {"repeats", "arms", "progress"} & set(told)
    assert boss("get", "campaigns/pairs/").json()["repeats"] == {"share": 1, "delay_minutes": 0}
    for _ in range(2):
        held = anna("post", "campaigns/pairs/claim/").json()
        answer = anna("put", f"assignments/{held['id']}/annotation/", {"answers": A}).json()
        assert (held["round"], answer["annotation"]["round"]) == (0, 0)
    rounds = [
        [row["round"] for row in who("get", "campaigns/pairs/annotations/").json()["results"]] for who in (anna, boss)
    ]
    assert rounds == [[0, 0], [0, 1]]
    assert list(Annotation.objects.order_by("pk").values_list("round", flat=True)) == [0, 1]
