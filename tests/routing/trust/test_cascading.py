"""The cascade at work on a live campaign: who gets which unit, and what happens when a judge fails its audit."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from annotate.assigning import claim
from annotate.campaigns import revise_campaign
from annotate.errors import Invalid
from annotate.jobs import cancel
from annotate.models import Annotator, Assignment, Campaign, Unit, User
from annotate.parking import lock_item, put_back, withdraw
from annotate.submitting import submit
from routing.models import Cascade, Judge, JudgeRun, Route
from routing.trust.cascading import advance, advance_all
from routing.trust.certifying import certify
from routing.trust.drift import reinstate, watch
from routing.trust.setting_up import set_cascade
from routing.trust.stages import AUDIT, POLICY, stages
from tests.factories import PAIRWISE, import_rows, person
from tests.routing.trust.labelled import PILOT, QUESTION, labelled_campaign, rows, say, sure_judge, work_off

ALL = 160


@pytest.fixture
def page(client: Client, researcher: User) -> Client:
    client.force_login(researcher)
    return client


def cascade_of(campaign: Campaign, *judges: Judge, **spec: object) -> Cascade:
    """A cascade that is on, over a hundred new items."""
    assert import_rows(campaign, rows(range(PILOT, ALL), None)).done == ALL - PILOT
    shares = {"target": 0.85, "delta": 0.1, "audit_share": 0.3}
    ids = [judge.pk for judge in judges]
    return set_cascade(campaign, {"question": QUESTION, "judges": ids, **shares, "enabled": True, **spec})


def in_force(campaign: Campaign) -> dict[str, Route]:
    routes = Route.objects.filter(campaign=campaign, policy=POLICY, in_force=True).select_related("item", "judge")
    return {route.item.key: route for route in routes}


def claimed(campaign: Campaign, annotator: Annotator) -> set[str]:
    """The items that the annotator can get, each of which he answers."""
    keys = set()
    while assignment := claim(campaign, annotator):
        keys.add(assignment.unit.item.key)
        submit(assignment, annotator, {QUESTION: {"preferred": "b"}}, claim_next=False)
    return keys


def test_people_keep_what_they_began_and_get_the_audited_share_at_once(
    campaign: Campaign, judge: Judge, annotator: User
) -> None:
    advance(cascade_of(campaign, judge).pk)
    routes = in_force(campaign)
    assert len(routes) == ALL
    assert all(routes[f"r{n}"].reason == "people had begun" for n in range(PILOT))
    audited = {key for key, route in routes.items() if route.reason == AUDIT}
    assert 15 <= len(audited) <= 45
    assert {route.propensity for route in routes.values() if route.reason == AUDIT} == {0.3}
    new = {f"r{n}" for n in range(PILOT, ALL)}
    assert {route.judge for key, route in routes.items() if key in new - audited} == {judge}
    assert claimed(campaign, person(annotator)) == audited


def test_a_judge_keeps_what_it_is_sure_of_and_people_get_the_rest(
    campaign: Campaign, judge: Judge, annotator: User
) -> None:
    cascade = cascade_of(campaign, judge)
    advance(cascade.pk)
    work_off(judge)
    say(judge, lambda n: ("a", 0.95 if n % 2 else 0.5))
    advance(cascade.pk)
    routes = in_force(campaign)
    audited = {key for key, route in routes.items() if route.reason == AUDIT}
    kept = {key for key, route in routes.items() if route.judge == judge and route.settled_at}
    even = {f"r{n}" for n in range(PILOT, ALL, 2)}
    assert kept == {f"r{n}" for n in range(PILOT + 1, ALL, 2)} - audited
    assert "sure enough: 0.950, threshold 0.9" in next(routes[key].reason for key in kept)
    assert claimed(campaign, person(annotator)) == audited | even
    assert advance(cascade.pk) == 0


def test_the_next_judge_is_asked_only_what_the_first_passes_on(campaign: Campaign, judge: Judge) -> None:
    second = sure_judge(campaign, "jo")
    say(second, lambda n: ("a", 0.9))
    assert certify(second, QUESTION, 0.85, 0.1).threshold is not None
    second.certificates.update(before=[[judge.pk, judge.certificates.get().pk]])  # as if certified in its place
    cascade = cascade_of(campaign, judge, second)
    advance(cascade.pk)
    work_off(judge)
    say(judge, lambda n: ("a", 0.95 if n % 2 else 0.5))
    advance(cascade.pk)
    work_off(second)
    asked = Assignment.objects.filter(reserved_for=second.annotator, unit__item__key__in=in_force(campaign))
    new = {key for key in asked.values_list("unit__item__key", flat=True) if int(key[1:]) >= PILOT}
    assert new == {f"r{n}" for n in range(PILOT, ALL, 2)}  # audited ones among them
    say(second, lambda n: ("a", 0.95))
    advance(cascade.pk)
    to_people = {key for key, route in in_force(campaign).items() if route.to == "people" and int(key[1:]) >= PILOT}
    assert all(in_force(campaign)[key].reason == AUDIT for key in to_people)
    assert not Unit.objects.filter(waits="judges", item__key__in=to_people).exists()


def test_a_judge_without_a_certificate_keeps_nothing(campaign: Campaign, annotator: User) -> None:
    judge = sure_judge(campaign)
    say(judge, lambda n: ("a", 0.99))
    advance(cascade_of(campaign, judge).pk)
    assert not Route.objects.filter(to="judge", in_force=True).exists()
    assert len(claimed(campaign, person(annotator))) == ALL - PILOT


def test_switched_off_people_get_everything(campaign: Campaign, judge: Judge, annotator: User) -> None:
    cascade = cascade_of(campaign, judge)
    advance(cascade.pk)
    off = {name: getattr(cascade, name) for name in ("question", "judges", "target", "delta", "audit_share")}
    set_cascade(campaign, off)
    assert not Unit.objects.exclude(waits="").exists()
    assert len(claimed(campaign, person(annotator))) == ALL - PILOT


def test_a_judge_that_fails_its_audit_is_suspended_and_passes_everything_on(
    campaign: Campaign, judge: Judge, annotator: User
) -> None:
    cascade = cascade_of(campaign, judge)
    advance(cascade.pk)
    work_off(judge)
    say(judge, lambda n: ("a", 0.95 if n < ALL - 10 else 0.5))
    claimed(campaign, person(annotator))  # who disagrees with the judge on every audited unit
    (stage,) = stages(cascade)
    state = watch(stage, cascade)
    assert state.suspended
    assert state.errors == state.n > 3
    advance(cascade.pk)
    judge.refresh_from_db()
    assert judge.suspended_at is not None
    assert "it disagrees with people on" in judge.suspended_because
    assert stages(cascade)[0].threshold is None
    assert not Route.objects.filter(campaign=campaign, in_force=True, settled_at=None).exists()
    reinstate(judge)
    assert stages(cascade)[0].threshold is None  # the certificate stays suspended


def test_an_honest_audit_leaves_the_judge_at_work(campaign: Campaign, judge: Judge, annotator: User) -> None:
    cascade = cascade_of(campaign, judge)
    advance(cascade.pk)
    work_off(judge)
    say(judge, lambda n: ("b" if n >= PILOT else "a", 0.95))
    claimed(campaign, person(annotator))
    state = watch(stages(cascade)[0], cascade)
    assert (state.errors, state.suspended) == (0, False)
    assert state.n > 15


def waiting(campaign: Campaign) -> int:
    return Unit.objects.filter(campaign=campaign, waits="judges").count()


def test_what_a_cancelled_run_left_waits_for_a_word_and_a_failed_one_is_tried_again(
    campaign: Campaign, judge: Judge
) -> None:
    cascade = cascade_of(campaign, judge)
    advance(cascade.pk)
    run = judge.runs.get(state="queued")
    assert waiting(campaign) > 0
    cancel(run)
    advance(cascade.pk)
    assert not judge.runs.filter(state="queued").exists()
    JudgeRun.objects.filter(pk=run.pk).update(state="failed", error="no such model")
    advance(cascade.pk)
    assert not judge.runs.filter(state="queued").exists()
    JudgeRun.objects.filter(pk=run.pk).update(ended_at=timezone.now() - timedelta(minutes=11))
    advance(cascade.pk)
    assert judge.runs.filter(state="queued").exists()


def test_an_item_put_back_while_it_waits_is_judged_after_all(campaign: Campaign, judge: Judge) -> None:
    cascade = cascade_of(campaign, judge)
    advance(cascade.pk)
    route = next(route for route in in_force(campaign).values() if not route.settled_at)
    with transaction.atomic():
        withdraw(lock_item(route.item_id))
    work_off(judge)
    with transaction.atomic():
        put_back(lock_item(route.item_id))
    advance(cascade.pk)
    work_off(judge)
    advance(cascade.pk)
    assert not Route.objects.filter(campaign=campaign, in_force=True, settled_at=None).exists()


def test_a_judge_taken_out_of_the_line_leaves_what_waited_for_it_to_the_others(
    campaign: Campaign, judge: Judge
) -> None:
    second = sure_judge(campaign, "jo")
    cascade = cascade_of(campaign, judge, second)
    advance(cascade.pk)
    kept = {name: getattr(cascade, name) for name in ("question", "target", "delta", "audit_share")}
    set_cascade(campaign, {**kept, "judges": [second.pk], "enabled": True})
    advance(cascade.pk)
    assert waiting(campaign) == 0  # the second is not certified, so people have it all


def test_off_and_on_again_keeps_what_judges_have_kept(campaign: Campaign, judge: Judge, annotator: User) -> None:
    cascade = cascade_of(campaign, judge)
    advance(cascade.pk)
    work_off(judge)
    say(judge, lambda n: ("a", 0.95))
    advance(cascade.pk)
    kept = {key for key, route in in_force(campaign).items() if route.judge == judge}
    spec = {name: getattr(cascade, name) for name in ("question", "judges", "target", "delta", "audit_share")}
    set_cascade(campaign, spec)
    set_cascade(campaign, {**spec, "enabled": True})
    advance(cascade.pk)
    assert kept == {key for key, route in in_force(campaign).items() if route.judge == judge}
    assert claimed(campaign, person(annotator)).isdisjoint(kept)


def test_a_version_that_no_longer_asks_it_gives_people_what_waits_and_stops_no_other_cascade(
    campaign: Campaign, judge: Judge, page: Client
) -> None:
    cascade = cascade_of(campaign, judge)
    advance(cascade.pk)
    assert waiting(campaign) > 0
    revise_campaign(campaign, {"questions": [{"name": "quality", "kind": "pairwise", "shows": "all"}]})
    assert advance_all() == 0
    assert waiting(campaign) == 0
    text = page.get(f"/campaigns/{campaign.slug}/cascade/").content.decode()
    assert "The campaign no longer asks <code>overall</code>" in text


def test_the_page_says_why_units_wait(campaign: Campaign, judge: Judge, page: Client) -> None:
    cascade = cascade_of(campaign, judge)
    advance(cascade.pk)
    judge.runs.filter(state="queued").update(state="out_of_budget", error="the run's cap of $1 is reached")
    text = " ".join(page.get(f"/campaigns/{campaign.slug}/cascade/").content.decode().split())
    assert "wait for judy, whose" in text
    assert "is out of budget: the run&#x27;s cap of $1 is reached" in text


def test_a_question_beside_others_is_refused(researcher: User) -> None:
    why = {"name": "why", "kind": "text", "shows": "all", "required": False}
    campaign = labelled_campaign(researcher, 2, lambda n: "a", questions=[PAIRWISE, why])
    judge = sure_judge(campaign)
    with pytest.raises(Invalid, match="overall shares its view with why"):
        cascade_of(campaign, judge)


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_advance_at_once_strand_nothing(researcher: User) -> None:
    campaign = labelled_campaign(researcher, PILOT, lambda n: "a")
    cascade = cascade_of(campaign, sure_judge(campaign))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(advance_apart, [cascade.pk] * 8))
    assert waiting(campaign) == 0
    assert len(in_force(campaign)) == ALL


def advance_apart(pk: int) -> int:
    try:
        return advance(pk)
    finally:
        connection.close()
