"""An accepted answer comes back unchanged from form, API, export and import; any other is refused by name."""

import itertools
import json
import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from annotate.answers import asked_of, clean_answers
from annotate.campaigns import change_state, create_campaign, definition_of
from annotate.errors import Invalid
from annotate.kinds import Asked, kind
from annotate.models import Annotation, Assignment, Campaign, User
from exports.formats import export_format
from exports.items import whole_items
from tests.annotate.kinds.examples import EXAMPLES, NEVER, Example
from tests.answers import answers_to
from tests.exports.whole import contents
from tests.factories import import_rows
from tests.strategies import anything, outcome

pytestmark = pytest.mark.django_db

SCRIPT = {"Accept": "application/json"}
numbers = itertools.count(1)
each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.kind} {json.dumps(e.config)[:80]}")
few = settings(
    max_examples=2,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def row_of(example: Example, key: str) -> dict[str, Any]:
    """An import row whose item says what the example's does."""
    source = example.source
    texts = {name: (source.parts(name) or (f"Answer {name}",))[0] for name in example.keys}
    row: dict[str, Any] = {"key": key, "prompt": source.prompt or "Why?", "context": source.context}
    row |= {"points": source.points} if source.points else {}
    return row | {"completions": [{"key": name, "text": said} for name, said in texts.items()]}


def campaign_of(user: User, example: Example, rows: list[dict[str, Any]]) -> Campaign:
    question = {"name": "q", "kind": example.kind, "shows": example.shows, "config": example.config}
    campaign = create_campaign(user, {"slug": f"c{next(numbers)}", "questions": [question]})
    job = import_rows(campaign, rows)
    assert job.done == len(rows), list(job.errors.values())
    return change_state(campaign, "launch")


def annotate_by_form(campaign: Campaign, user: User, answers: dict[str, Any]) -> None:
    """Submits every item's answer as the page's form sends it."""
    api, browser = APIClient(), Client()
    api.force_authenticate(user)
    browser.force_login(user)
    pk = api.post(f"/api/v1/campaigns/{campaign.slug}/claim/").json()["id"]
    while pk:
        held = Assignment.objects.select_related("unit__item", "unit__view").get(pk=pk)
        [asked] = asked_of(held)
        form = {**kind(asked.kind).to_form(asked, answers[held.unit.item.key]), "_active_seconds": "1.5"}
        sent = browser.post(f"/assignments/{pk}/submit/", form, headers=SCRIPT).json()
        assert sent.get("outcome") == "created", (sent, answers[held.unit.item.key], form)
        pk = sent["next"] and sent["next"]["id"]


def refused(asked: Asked, answer: Any) -> bool:
    return isinstance(outcome(lambda: clean_answers([asked], {"q": answer})), Invalid)


def given_by_api(campaign: Campaign, user: User) -> dict[str, Any]:
    api = APIClient()
    api.force_authenticate(user)
    url, found = f"/api/v1/campaigns/{campaign.slug}/annotations/", dict[str, Any]()
    while url:
        page = api.get(url).json()
        found |= {one["item"]: one["answers"]["q"] for one in page["results"]}
        url = page["next"]
    return found


@each_example
@few
@given(data=st.data())
def test_an_accepted_answer_comes_back_unchanged(researcher: User, example: Example, data: st.DataObject) -> None:
    good = [clean_answers([example.asked()], {"q": answer})["q"] for answer in example.good]
    drawn = data.draw(st.lists(answers_to(example.asked(), good), min_size=1, max_size=5))
    answers = {f"i{n}": answer for n, answer in enumerate([*good, *drawn])}
    campaign = campaign_of(researcher, example, [row_of(example, key) for key in answers])
    annotate_by_form(campaign, researcher, answers)
    assert given_by_api(campaign, researcher) == answers
    rows = [export_format("canonical").row(item, {}) for item in whole_items(campaign, {})]
    copy = create_campaign(researcher, {**definition_of(campaign), "slug": f"c{next(numbers)}"})
    job = import_rows(copy, rows)
    assert (job.done, job.rejected) == (len(answers), 0), list(job.errors.values())
    assert contents(copy) == contents(campaign)


@each_example
@few
@given(junk=st.lists(anything, max_size=8))
def test_any_other_answer_is_refused_by_name(researcher: User, example: Example, junk: list[Any]) -> None:
    asked = example.asked()
    bad = [answer for answer in [*NEVER, *example.bad, *junk] if refused(asked, answer)]
    campaign = campaign_of(researcher, example, [row_of(example, "i")])
    api = APIClient()
    api.force_authenticate(researcher)
    pk = api.post(f"/api/v1/campaigns/{campaign.slug}/claim/").json()["id"]
    for answer in bad:
        body = json.dumps({"answers": {"q": answer}})
        sent = api.put(f"/api/v1/assignments/{pk}/annotation/", body, content_type="application/json")
        assert sent.status_code == 422, (answer, sent.content)
        assert all(re.match(r"q\b|answers\b", field) for field in sent.json()["fields"]), (answer, sent.content)
        assert sent.json()["fields"]
    assert not Annotation.objects.filter(campaign=campaign).exists()
    along = [
        {"annotator": "a", "kind": "human", "answers": {"q": answer}, "shown": list(example.keys)} for answer in bad
    ]
    rows = [{**row_of(example, f"r{n}"), "annotations": [one]} for n, one in enumerate(along)]
    job = import_rows(campaign, rows)
    assert (job.state, job.done, job.rejected) == ("done", 0, len(bad))
    assert all(field.startswith("annotations[0]") for field in job.rejections.values_list("field", flat=True))
