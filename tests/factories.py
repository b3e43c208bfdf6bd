"""Plain factories: the shortest way to a campaign with items and people, through the real actions."""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image as Pillow

from annotate import jobs
from annotate.campaigns import add_member, annotator_of, change_state, create_campaign
from annotate.importing.run import keep_upload, run_import, start_import
from annotate.models import Annotator, Campaign, ImportJob, Organisation, User
from annotate.users import default_organisation

PAIRWISE: dict[str, Any] = {"name": "overall", "kind": "pairwise", "shows": "all"}
RATING_EACH: dict[str, Any] = {"name": "score", "kind": "rating", "shows": "each", "config": {"min": 1, "max": 7}}
PAIRWISE_PAIR: dict[str, Any] = {"name": "better", "kind": "pairwise", "shows": "pair"}


def make_user(name: str, role: str = "annotator", organisation: Organisation | None = None) -> User:
    user = User.objects.create_user(
        username=name,
        password="correct horse battery",
        role=role,
        organisation=organisation or default_organisation(),
    )
    annotator_of(user)
    return user


def make_campaign(
    user: User, slug: str = "pairs", questions: Sequence[Mapping[str, Any]] = (PAIRWISE,), **spec: Any
) -> Campaign:
    return create_campaign(user, {"slug": slug, "name": slug, "questions": list(questions), **spec})


def pair_rows(count: int, completions: int = 2) -> list[dict[str, Any]]:
    return [
        {
            "key": f"r{i}",
            "prompt": f"Question {i}?",
            "completions": [{"key": key, "text": f"Answer {key} to {i}"} for key in "abcdefghijklmnop"[:completions]],
        }
        for i in range(count)
    ]


def import_rows(campaign: Campaign, rows: Sequence[Any], **options: Any) -> ImportJob:
    """Imports rows through the real job, in this process."""
    content = "\n".join(json.dumps(row) for row in rows).encode()
    return import_file(campaign, keep_upload([content], "rows.jsonl"), **options)


def import_file(campaign: Campaign, path: Path, **options: Any) -> ImportJob:
    job = start_import(campaign, None, path, path.name, send=False, **options)
    jobs.run(ImportJob, job.pk, run_import)
    job.refresh_from_db()
    return job


def running_campaign(
    user: User, count: int = 3, people: Sequence[User] = (), completions: int = 2, **spec: Any
) -> Campaign:
    """A launched campaign with `count` items and `people` as annotators."""
    campaign = make_campaign(user, **spec)
    job = import_rows(campaign, pair_rows(count, completions))
    assert job.done == count, list(job.errors.values())
    for person in people:
        add_member(campaign, annotator_of(person))
    return change_state(campaign, "launch")


def person(user: User) -> Annotator:
    return annotator_of(user)


def picture_file(kind: str = "PNG", colour: str = "teal", size: tuple[int, int] = (3, 2)) -> io.BytesIO:
    """A small picture."""
    file = io.BytesIO()
    Pillow.new("RGB", size, colour).save(file, kind)
    file.seek(0)
    return file
