"""Actions on campaigns and their members."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from annotate.checking import check_storable
from annotate.definition import Definition, parse_definition
from annotate.errors import Exists, Invalid, NotAllowed, NotFound, WrongState
from annotate.item_points import sync_waiting
from annotate.models import Annotator, Campaign, CampaignVersion, ImportJob, Member, Question, User, View
from annotate.options import option
from annotate.signals import campaign_defined, campaign_launched

SLUG = re.compile(r"(?!new\Z)[a-z0-9][a-z0-9_-]{0,79}")
"""`new` is the address of the form."""


@transaction.atomic
def create_campaign(user: User, spec: Mapping[str, Any]) -> Campaign:
    """A draft campaign owned by `user`'s organisation, with `user` as its researcher.

    Raises `NotAllowed` for annotators, `Invalid` with a message per field, `Exists` for a slug in use.
    """
    if not user.is_researcher:
        raise NotAllowed("only researchers create campaigns")
    if not isinstance(spec, Mapping):
        raise Invalid("send an object: {slug, name, questions, …}", {"": "an object"})
    slug = spec.get("slug")
    problems = {}
    if not isinstance(slug, str) or not SLUG.fullmatch(slug):
        problems["slug"] = "must be lower-case letters, digits, _ or -, 80 at most, and not “new”"
    name = _name(spec.get("name", slug), problems)
    definition = _parse(spec, problems)
    try:
        with transaction.atomic():
            campaign = Campaign.objects.create(
                organisation=user.organisation, slug=str(slug), name=name, created_by=user
            )
    except IntegrityError as error:
        raise Exists(f"there is a campaign {slug} already; choose another slug", {"slug": "in use"}) from error
    _write_version(campaign, definition, 1)
    add_member(campaign, annotator_of(user), Member.Role.RESEARCHER)
    campaign_defined.send(Campaign, campaign=campaign, spec=spec)
    return campaign


def _name(given: Any, problems: dict[str, str]) -> str:
    if not isinstance(given, str) or not 1 <= len(given.strip()) <= 200:
        problems["name"] = "must be a text of 1 to 200 characters"
        return ""
    return given.strip()


def _parse(spec: Mapping[str, Any], problems: dict[str, str]) -> Definition:
    try:
        definition = parse_definition(spec)
    except Invalid as error:
        problems |= error.fields
    if problems:
        raise Invalid("; ".join(f"{name}: {problem}" for name, problem in problems.items()), problems)
    return definition


def _write_version(campaign: Campaign, definition: Definition, number: int) -> CampaignVersion:
    version = CampaignVersion.objects.create(
        campaign=campaign,
        number=number,
        guidelines=definition.guidelines,
        overlap=definition.overlap,
        config=definition.config,
    )
    views = {}
    for position, view in enumerate(definition.views):
        views[view.name], _ = View.objects.update_or_create(
            campaign=campaign,
            name=view.name,
            defaults={"shows": view.shows, "pairs": view.pairs, "position": position},
        )
    Question.objects.bulk_create(
        Question(
            version=version,
            view=views[q.view],
            name=q.name,
            kind=q.kind,
            title=q.title,
            config=q.config,
            required=q.required,
            when=q.when,
            position=position,
        )
        for position, q in enumerate(definition.questions)
    )
    campaign.version = version
    campaign.save(update_fields=["version"])
    return version


@transaction.atomic
def revise_campaign(campaign: Campaign, spec: Mapping[str, Any]) -> CampaignVersion:
    """A new version of the campaign; work in progress keeps the version it started with.

    Once there are items, the views, the overlap and the arms stay (they decided which assignments exist);
    guidelines and questions may change. Raises `Invalid`, `WrongState`.
    """
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    campaign.refresh_from_db()
    problems: dict[str, str] = {}
    name = _name(spec.get("name", campaign.name), problems)
    definition = _parse({k: v for k, v in spec.items() if k not in ("slug", "judges")}, problems)
    current = campaign.current
    if campaign.items.exists() or campaign.importjobs.filter(state=ImportJob.State.RUNNING).exists():
        _check_fixed(current, definition)
    version = _write_version(campaign, definition, current.number + 1)
    sync_waiting(campaign)
    campaign.name = name
    campaign.save(update_fields=["name"])
    return version


def _check_fixed(current: CampaignVersion, definition: Definition) -> None:
    """Raises `WrongState` where the definition would change what decided which assignments there are."""
    views = {(v.name, v.shows, v.pairs) for v in views_asked(current)}
    if views != {(v.name, v.shows, v.pairs) for v in definition.views} or definition.overlap != current.overlap:
        raise WrongState("the views and the overlap cannot change once there are items; start a new campaign")
    if option("arms", definition.config) != option("arms", current.config):
        raise WrongState("the arms of the experiment cannot change once there are items; start a new campaign")


def views_asked(version: CampaignVersion) -> QuerySet[View]:
    """The views in which a version asks questions, in the campaign's order; those of earlier versions stay behind."""
    return View.objects.filter(questions__version=version).distinct()


def definition_of(campaign: Campaign) -> dict[str, Any]:
    """What `create_campaign` takes to make one that asks the same in the same way."""
    version = campaign.current
    asked = ("name", "kind", "title", "config", "required", "when")
    return {
        "slug": campaign.slug,
        "name": campaign.name,
        "guidelines": version.guidelines,
        "overlap": version.overlap,
        **version.config,
        "views": [{"name": v.name, "shows": v.shows, "pairs": v.pairs} for v in views_asked(version)],
        "questions": [
            {"view": q.view.name, "shows": q.view.shows, **{field: getattr(q, field) for field in asked}}
            for q in version.questions.select_related("view")
        ],
    }


def annotator_of(user: User) -> Annotator:
    """The annotator that `user` is."""
    annotator, _ = Annotator.objects.get_or_create(
        user=user,
        defaults={"organisation": user.organisation, "kind": Annotator.Kind.HUMAN, "name": user.username},
    )
    return annotator


@transaction.atomic
def add_member(campaign: Campaign, annotator: Annotator, role: str = Member.Role.ANNOTATOR) -> Member:
    """`annotator` as a member of the campaign; an existing member gets the new role. Raises `Invalid`, `WrongState`."""
    if role not in Member.Role.values:
        raise Invalid("role must be researcher or annotator", {"role": "researcher or annotator"})
    if role == Member.Role.RESEARCHER and not (annotator.user and annotator.user.is_researcher):
        raise Invalid(f"{annotator} is not a researcher", {"role": "annotator"})
    if role != Member.Role.RESEARCHER:
        _keep_a_researcher(campaign, campaign.members.filter(annotator=annotator).first())
    member, _ = Member.objects.update_or_create(campaign=campaign, annotator=annotator, defaults={"role": role})
    return member


def add_user(campaign: Campaign, username: str, role: str = Member.Role.ANNOTATOR) -> Member:
    """The user of that name, of the campaign's organisation, as a member. Raises `NotFound`."""
    check_storable(username, "user")
    user = User.objects.filter(organisation=campaign.organisation, username=username, is_active=True).first()
    if user is None:
        raise NotFound(f"there is no user {username!r} in your organisation", {"user": "an existing user name"})
    return add_member(campaign, annotator_of(user), role)


@transaction.atomic
def remove_member(campaign: Campaign, member_id: int) -> None:
    """Takes a person out of the campaign; his annotations stay. Raises `WrongState` for the last researcher."""
    member = campaign.members.filter(pk=member_id).first()
    if member is None:
        raise NotFound
    _keep_a_researcher(campaign, member)
    member.delete()


def _keep_a_researcher(campaign: Campaign, leaving: Member | None) -> None:
    """Raises `WrongState` where `leaving` is the campaign's only researcher."""
    if leaving is None or leaving.role != Member.Role.RESEARCHER:
        return
    if list(campaign.members.select_for_update().filter(role=Member.Role.RESEARCHER)) == [leaving]:
        raise WrongState("a campaign needs at least one researcher; make somebody else one first")


CHANGES: dict[str, tuple[Sequence[str], str]] = {
    "launch": ((Campaign.State.DRAFT, Campaign.State.PAUSED, Campaign.State.RUNNING), Campaign.State.RUNNING),
    "pause": ((Campaign.State.RUNNING,), Campaign.State.PAUSED),
    "close": ((Campaign.State.RUNNING, Campaign.State.PAUSED), Campaign.State.CLOSED),
    "reopen": ((Campaign.State.CLOSED,), Campaign.State.RUNNING),
}


@transaction.atomic
def change_state(campaign: Campaign, change: str) -> Campaign:
    """Launches, pauses, closes or reopens the campaign; launching what runs already changes nothing.

    Raises `WrongState` where the change does not follow from the present state, or there is nothing to annotate.
    """
    if change not in CHANGES:
        raise NotFound(f"there is no change {change!r}; there are {', '.join(CHANGES)}")
    before, after = CHANGES[change]
    if change == "launch" and not campaign.items.exists():
        raise WrongState("import items before you launch")
    if not Campaign.objects.filter(pk=campaign.pk, state__in=before).update(state=after):
        raise WrongState(f"cannot {change} a campaign that is {campaign.state}")
    campaign.refresh_from_db()
    if after == Campaign.State.RUNNING:
        campaign_launched.send(Campaign, campaign=campaign)
    return campaign
