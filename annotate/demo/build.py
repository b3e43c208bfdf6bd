"""Sets the demo up: three campaigns, a researcher, three annotators with part of the work done, a judge run queued."""

import json
import random
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from annotate import jobs
from annotate.assigning import claim, release
from annotate.campaigns import add_member, annotator_of, change_state, create_campaign
from annotate.demo.tour import TOUR
from annotate.errors import NotFound
from annotate.importing.run import keep_upload, run_import, start_import
from annotate.models import Annotator, Assignment, Campaign, ImportJob, Organisation, User
from annotate.submitting import submit

PASSWORD_FILE = Path(settings.VAR) / "demo.json"
ITEMS, TOUR_ITEMS = (Path(__file__).with_name(name) for name in ("items.jsonl", "tour.jsonl"))
ORGANISATION = "Crosscheck"
RESEARCHER = "researcher"
ANNOTATORS = {"ada": 170, "ben": 140, "cleo": 100}
"""How many annotations each of them makes in the first campaign."""
SECOND_SITTING = 35
"""How many more each makes when the silent repeats have come due."""

RATING = {
    "name": "quality",
    "kind": "rating",
    "title": "How good is this response?",
    "shows": "each",
    "config": {"min": 1, "max": 7, "labels": ["very poor", "excellent"]},
}
PAIRWISE = {"name": "better", "kind": "pairwise", "title": "Which response is better?", "shows": "pair"}
RATED_AND_COMPARED: dict[str, Any] = {
    "slug": "demo",
    "name": "Demo: rate and compare",
    "guidelines": (
        "Rate each response by itself from 1 to 7: is it correct, helpful and pleasant to read? Later you will see "
        "two responses to the same prompt side by side: say which is better. A longer response is not a better "
        "one, and a claim that you cannot check is worth less than a modest answer that is right."
    ),
    "overlap": 3,
    "repeats": {"share": 0.25, "delay_minutes": 60},
    "own_statistics": True,
    "views": [{"name": "rate", "shows": "each"}, {"name": "compare", "shows": "pair", "pairs": 2}],
    "questions": [
        {**RATING, "view": "rate"},
        {**PAIRWISE, "view": "compare", "config": {"allow_tie": True}},
    ],
    "judges": [settings.DEFAULT_JUDGE],
}
COMPARED: dict[str, Any] = {
    "slug": "demo-compare",
    "name": "Demo: compare two, and say why",
    "guidelines": "Choose the response that you would rather get, then tick what decided it.",
    "overlap": 1,
    "questions": [
        {
            **PAIRWISE,
            "shows": "all",
            "config": {"strengths": ["slightly better", "clearly better"], "both_bad": True},
        },
        {
            "name": "because",
            "kind": "choice",
            "title": "What decided it?",
            "required": False,
            "config": {"multiple": True, "options": ["correctness", "completeness", "brevity", "tone", "format"]},
        },
        {
            "name": "rationale",
            "kind": "text",
            "title": "In your own words",
            "required": False,
            "config": {"max_length": 1000},
        },
    ],
}


def build_demo() -> str | None:
    """Creates what is missing of the demo; returns the password of its users, None where they are not the demo's.

    The password is made at random and kept in a file that only its owner reads.
    """
    if Campaign.objects.filter(slug=RATED_AND_COMPARED["slug"]).exists():
        return demo_password()
    password = secrets.token_urlsafe(9)
    PASSWORD_FILE.touch(mode=0o600)
    PASSWORD_FILE.write_text(json.dumps({"password": password}))
    rows = _rows(ITEMS)
    with transaction.atomic():
        organisation, _ = Organisation.objects.get_or_create(name=ORGANISATION)
        boss = _user(RESEARCHER, User.Role.RESEARCHER, password, organisation)
        people = [_user(name, User.Role.ANNOTATOR, password, organisation) for name in ANNOTATORS]
        both = create_campaign(boss, RATED_AND_COMPARED)
        pairs = create_campaign(boss, COMPARED)
        tour = create_campaign(boss, TOUR)
    _import(both, boss, rows)
    _import(pairs, boss, [row for row in rows if len(row["completions"]) == 2])
    _import(tour, boss, _rows(TOUR_ITEMS))
    for campaign in (both, pairs, tour):
        for annotator in people:
            add_member(campaign, annotator)
        change_state(campaign, "launch")
    for annotator, count in zip(people, ANNOTATORS.values(), strict=True):
        _work(both, annotator, count)
    Assignment.objects.filter(campaign=both, purpose=Assignment.Purpose.REPEAT).update(open_from=timezone.now())
    for annotator in people:
        _work(both, annotator, SECOND_SITTING)
    return password


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def demo_password() -> str | None:
    """The password of the demo's users, where the demo was made on this machine."""
    return json.loads(PASSWORD_FILE.read_text())["password"] if PASSWORD_FILE.exists() else None


def _user(name: str, role: str, password: str, organisation: Organisation) -> Any:
    user = User.objects.filter(username=name).first()
    if user is None:
        user = User.objects.create_user(username=name, password=password, role=role, organisation=organisation)
    elif user.organisation_id != organisation.pk:
        raise NotFound(f"the demo needs the user name {name}, which somebody else has")
    annotator = annotator_of(user)
    return user if role == User.Role.RESEARCHER else annotator


def _import(campaign: Campaign, user: User, rows: list[dict[str, Any]]) -> None:
    content = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
    job = start_import(campaign, user, keep_upload([content], "demo.jsonl"), "demo.jsonl", send=False)
    jobs.run(ImportJob, job.pk, run_import)
    job.refresh_from_db()
    if job.state != ImportJob.State.DONE or job.rejected:
        raise NotFound(f"the demo items did not import: {job.error or list(job.errors.values('row', 'message'))}")


def _work(campaign: Campaign, annotator: Annotator, count: int) -> None:
    """Annotates as a fairly careful person would: by the quality of a completion, with some noise."""
    rng = random.Random(f"{annotator.name} {count}")
    assignment = claim(campaign, annotator)
    for _ in range(count):
        if assignment is None:
            return
        answers = ANSWERS[assignment.unit.view.name](assignment, _felt(assignment, rng))
        seconds = round(rng.lognormvariate(2.6, 0.5), 1)
        assignment = submit(assignment, annotator, answers, active_seconds=seconds).next
    if assignment is not None:
        release(assignment, annotator)


def _felt(assignment: Assignment, rng: random.Random) -> dict[str, float]:
    completions = assignment.unit.item.completions.filter(key__in=assignment.shown)
    return {c.key: c.metadata["quality"] + rng.gauss(0, 0.9) for c in completions}


def _rate(assignment: Assignment, felt: Mapping[str, float]) -> dict[str, Any]:
    return {"quality": {key: min(7, max(1, round(value))) for key, value in felt.items()}}


def _compare(assignment: Assignment, felt: Mapping[str, float]) -> dict[str, Any]:
    first, second = assignment.shown
    gap = felt[first] - felt[second]
    return {"better": {"preferred": None if abs(gap) < 0.4 else first if gap > 0 else second}}


ANSWERS: dict[str, Callable[[Assignment, Mapping[str, float]], dict[str, Any]]] = {"rate": _rate, "compare": _compare}
