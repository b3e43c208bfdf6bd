"""Judges that are trained on the campaign's own labels: asked for at a door, made by a worker."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from annotate.checking import check_storable
from annotate.errors import Exists, Invalid
from annotate.jobs import Handle, enqueue
from annotate.models import Annotator, Campaign, User
from routing.choosing import choose
from routing.creating import name_of, provider_of, too_long_of
from routing.heads.pairs import labelled_pairs, most_answered
from routing.judges.embedding_head import EmbeddingHeadProvider
from routing.models import HeadTraining

PROVIDER = EmbeddingHeadProvider.name
GIVEN = ("protocols", "too_long", "runs_at_launch")
SETTINGS = ("batch_size", "device", "threads")


def wants_training(spec: Mapping[str, Any]) -> bool:
    """Whether a judge's specification asks for a head that is not there yet."""
    config = spec.get("config")
    return spec.get("provider") == PROVIDER and not (isinstance(config, Mapping) and config.get("head"))


def start_training(
    campaign: Campaign, user: User | None, spec: Mapping[str, Any], *, send: bool = True
) -> HeadTraining:
    """Queues the training of a head from `{name, config?: {question?, device?, …}, protocols?, too_long?,
    runs_at_launch?}`.

    What can be known now is refused now: raises `Invalid`, `Exists`.
    """
    from routing.heads.training import check_enough

    check_storable(dict(spec), "")
    name, model = name_of(spec), provider_of(spec)
    if Annotator.objects.filter(campaign=campaign, kind=Annotator.Kind.JUDGE, name=name).exists():
        raise Exists(f"there is a judge {name!r} in this campaign already; choose another name", {"name": "in use"})
    too_long_of(spec)
    choose(campaign, model, spec.get("protocols") or {})
    question = model.config["question"]
    if not isinstance(question, str):
        raise Invalid("question must be the name of a question", {"config": "question must be a name"})
    asked = question or most_answered(campaign)
    check_enough(asked, labelled_pairs(campaign, asked))
    rest = {key: spec[key] for key in GIVEN if spec.get(key) is not None}
    config = {key: value for key, value in (spec.get("config") or {}).items() if key in SETTINGS}
    with transaction.atomic():
        job = HeadTraining.objects.create(
            campaign=campaign, created_by=user, name=name, question=asked, spec={"rest": rest, "config": config}
        )
        if send:
            enqueue(job)
    return job


def run_training(job: HeadTraining, handle: Handle) -> None:
    """The work: the judge appears with the job's end, or not at all."""
    from routing.heads.training import train_head

    handle.progress(total=1)
    with transaction.atomic():
        judge = train_head(job.campaign, job.name, job.question, job.spec["rest"], **job.spec["config"])
        handle.progress(done=1, judge=judge)
