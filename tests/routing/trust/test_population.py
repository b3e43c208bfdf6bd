"""What a certificate promises holds of one population: other questions, places, labels and copies are no part of it."""

from annotate.assigning import claim
from annotate.campaigns import add_member, change_state, definition_of, revise_campaign
from annotate.models import Assignment, Campaign, Unit, User
from annotate.submitting import submit
from routing.models import Certificate, Judge, Verdict
from routing.trust.calibrating import calibrate, drawn_half
from routing.trust.cascading import advance
from routing.trust.certifying import certify
from routing.trust.drift import reinstate, suspend_drifted, watch
from routing.trust.held_out import asked_now, held_out
from routing.trust.setting_up import set_cascade
from routing.trust.stages import stages
from tests.factories import import_rows, make_campaign, make_user, person
from tests.routing.judged import make_judge, run_now
from tests.routing.trust.labelled import PILOT, QUESTION, labelled_campaign, orders, rows, say, sure_judge, work_off

ALL = 140
SHARES = {"question": QUESTION, "target": 0.85, "delta": 0.1, "audit_share": 0.5, "enabled": True}


def threshold(campaign: Campaign, *judges: Judge) -> float | None:
    """That of the last of the judges in a cascade of them."""
    cascade = set_cascade(campaign, {**SHARES, "judges": [judge.pk for judge in judges]})
    return stages(cascade)[-1].threshold


def answer(campaign: Campaign, user: User, preferred: str, count: int = 10**6) -> None:
    while count and (assignment := claim(campaign, person(user))):
        submit(assignment, person(user), {QUESTION: {"preferred": preferred}}, claim_next=False)
        count -= 1


def audited_cascade(campaign: Campaign, judge: Judge, **shares: object) -> None:
    """A cascade over new items, of which the judge has answered all."""
    assert import_rows(campaign, rows(range(PILOT, ALL), None)).done == ALL - PILOT
    cascade = set_cascade(campaign, {**SHARES, "judges": [judge.pk], **shares})
    advance(cascade.pk)
    work_off(judge)
    say(judge, lambda n: ("a", 0.95))


def test_a_judge_certified_alone_keeps_nothing_behind_another(campaign: Campaign, judge: Judge) -> None:
    second = sure_judge(campaign, "jo")
    say(second, lambda n: ("a", 0.9))
    alone = certify(second, QUESTION, 0.85, 0.1)
    assert alone.before == []
    assert threshold(campaign, second) == alone.threshold
    assert threshold(campaign, judge, second) is None


def test_a_later_judge_is_certified_behind_the_certificates_of_those_before_it(
    campaign: Campaign, judge: Judge, annotator: User
) -> None:
    second = make_judge(campaign, rule="hash", name="jo")
    audited_cascade(campaign, judge, judges=[judge.pk, second.pk])
    say(judge, lambda n: ("a", 0.5))
    run_now(second)
    say(second, lambda n: ("a", 0.9))
    answer(campaign, annotator, "a")
    found = certify(second, QUESTION, 0.85, 0.1)
    first = judge.certificates.get()
    assert found.threshold is not None
    assert found.before == [[judge.pk, first.pk]]
    assert threshold(campaign, judge, second) == found.threshold
    assert threshold(campaign, second) is None
    say(judge, lambda n: ("a", 0.9))
    assert certify(judge, QUESTION, 0.85, 0.1).threshold is not None
    assert threshold(campaign, judge, second) is None


def test_new_guidelines_end_the_certificate_and_old_labels_do_not_renew_it(campaign: Campaign, judge: Judge) -> None:
    spec = {name: part for name, part in definition_of(campaign).items() if name != "views"}
    revise_campaign(campaign, {**spec, "guidelines": "Prefer the worse one from now on."})
    changed = Campaign.objects.get(pk=campaign.pk)
    judge = Judge.objects.get(pk=judge.pk)
    assert threshold(changed, judge) is None
    fresh = sure_judge(changed, "jo")  # its answers are to the new guidelines, people's are not
    say(fresh, lambda n: ("a", 0.9))
    for each in (judge, fresh):
        assert held_out(each, asked_now(each, QUESTION)) == []
    revise_campaign(changed, spec)
    assert threshold(Campaign.objects.get(pk=campaign.pk), Judge.objects.get(pk=judge.pk)) is not None


def test_a_copy_of_a_judge_goes_on_with_its_looks(campaign: Campaign, judge: Judge) -> None:
    assert certify(judge, QUESTION, 0.85, 0.1).look == 2
    copy = sure_judge(campaign, "judy again")
    say(copy, lambda n: ("a", 0.9))
    assert certify(copy, QUESTION, 0.85, 0.1).look == 3
    other = make_judge(campaign, rule="longer", name="other")
    assert certify(other, QUESTION, 0.85, 0.1).look == 1


def test_labels_from_before_a_suspension_certify_neither_the_judge_nor_its_copy(
    campaign: Campaign, judge: Judge, annotator: User
) -> None:
    copy = sure_judge(campaign, "judy again")
    say(copy, lambda n: ("a", 0.9))
    assert certify(copy, QUESTION, 0.85, 0.1).threshold is not None
    audited_cascade(campaign, judge)
    answer(campaign, annotator, "b", 20)
    cascade = campaign.cascade
    assert suspend_drifted(cascade) == [judge]
    judge.refresh_from_db()
    reinstate(judge)
    run_now(copy)
    for each in (judge, copy):
        assert held_out(each, asked_now(each, QUESTION)) == []
    answer(campaign, annotator, "a")
    assert len(held_out(judge, asked_now(judge, QUESTION))) > 5
    assert threshold(campaign, copy) is None  # certified before the other was suspended


def test_units_without_a_majority_count_as_disagreement(researcher: User) -> None:
    options = [{"key": key, "text": key} for key in "xyz"]
    question = {"name": "topic", "kind": "choice", "shows": "all", "config": {"options": options}}
    campaign = make_campaign(researcher, questions=[question], overlap=2)
    people = [
        {
            **row,
            "annotations": [told(name, "x" if n < 40 else answer) for name, answer in (("pia", "x"), ("paul", "y"))],
        }
        for n, row in enumerate(rows(range(60), None))
    ]
    assert import_rows(campaign, people).done == 60
    judge = make_judge(change_state(campaign, "launch"))
    for unit in Unit.objects.filter(campaign=campaign):
        asked = Assignment.objects.create(
            campaign=campaign, version=campaign.current, unit=unit, shown=unit.keys, reserved_for=judge.annotator
        )
        Verdict.objects.create(
            judge=judge, assignment=asked, question="topic", kind="choice", status="ok", answer="x", confidence=0.9
        )
    held = held_out(judge, asked_now(judge, "topic"))
    assert [sum(each.agrees for each in held), len(held)] == [40, 60]
    assert certify(judge, "topic", 0.8, 0.1).threshold is None


def told(name: str, answer: str) -> dict[str, object]:
    return {"annotator": name, "kind": "human", "answers": {"topic": answer}}


def test_calibration_leaves_half_of_the_prompts_to_certify(campaign: Campaign, judge: Judge) -> None:
    orders(judge, lambda n: (0.8, 0.3 + n / 200))
    found = calibrate(judge, QUESTION)
    assert (found.n, len(found.groups), found.figures["left"]) == (PILOT // 2, PILOT // 2, PILOT // 2)
    assert calibrate(judge, QUESTION).groups == found.groups
    assert len(drawn_half(range(7), 1)) == 4
    assert drawn_half(range(100), 1) != drawn_half(range(100), 2)


def test_a_unit_is_watched_once_all_its_people_have_answered(researcher: User, annotator: User) -> None:
    campaign = labelled_campaign(researcher, PILOT, lambda n: "a", overlap=2)
    other = make_user("otto")
    for user in (annotator, other):
        add_member(campaign, person(user))
    Assignment.objects.filter(campaign=campaign, state="open").delete()  # the pilot is done
    judge = sure_judge(campaign)
    say(judge, lambda n: ("a", 0.9))
    assert certify(judge, QUESTION, 0.85, 0.1).threshold is not None
    audited_cascade(campaign, judge)
    stage = stages(campaign.cascade)[0]
    answer(campaign, annotator, "b", 10)
    assert watch(stage, campaign.cascade).n == 0
    answer(campaign, other, "b", 10)
    assert watch(stage, campaign.cascade).n == 10


def test_certifying_again_does_not_wipe_out_what_the_watch_has_seen(
    campaign: Campaign, judge: Judge, annotator: User
) -> None:
    audited_cascade(campaign, judge)
    answer(campaign, annotator, "b", 1)
    answer(campaign, annotator, "a", 2)
    before = watch(stages(campaign.cascade)[0], campaign.cascade)
    assert (before.n, before.errors) == (3, 1)
    assert certify(judge, QUESTION, 0.999, 0.1).threshold is None  # promises nothing
    assert certify(judge, QUESTION, 0.85, 0.1).threshold is not None
    (stage,) = stages(campaign.cascade)
    assert stage.certificate == Certificate.objects.latest("pk")
    assert watch(stage, campaign.cascade) == before
