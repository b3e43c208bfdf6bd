"""Creating judges: a judge is an annotator of its campaign, with a provider and the protocols of its day."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from annotate.campaigns import add_member
from annotate.errors import Exists, Invalid
from annotate.kinds import kinds
from annotate.models import Annotator, Campaign
from routing.judges import ConfigError, UnknownName, provider
from routing.models import Judge
from routing.protocols import protocol, protocols_for


@transaction.atomic
def create_judge(campaign: Campaign, spec: Mapping[str, Any]) -> Judge:
    """A judge of the campaign from `{name, provider, config?, runs_at_launch?}`. Raises `Invalid`, `Exists`."""
    name, config = _checked(spec)
    annotator, created = Annotator.objects.get_or_create(
        campaign=campaign,
        kind=Annotator.Kind.JUDGE,
        name=name,
        defaults={"organisation": campaign.organisation},
    )
    if not created:
        raise Exists(f"there is a judge {name!r} in this campaign already; choose another name", {"name": "in use"})
    add_member(campaign, annotator)
    return Judge.objects.create(
        campaign=campaign,
        annotator=annotator,
        provider=spec["provider"],
        config=config,
        protocols=_default_protocols(),
        runs_at_launch=spec.get("runs_at_launch") is True,
    )


def _checked(spec: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    if not isinstance(spec, Mapping):
        raise Invalid("a judge is an object: {name, provider, config}", {"judge": "an object"})
    name = spec.get("name")
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= 200 or "\0" in name:
        raise Invalid("name must be a text of 1 to 200 characters", {"name": "1 to 200 characters"})
    config = spec.get("config", {})
    if not isinstance(config, Mapping) or _holds_nul(config):
        raise Invalid("config must be an object, without NUL characters", {"config": "an object"})
    try:
        provider(str(spec.get("provider", "")))(dict(config))
    except UnknownName as error:
        raise Invalid(str(error), {"provider": str(error)}) from error
    except ConfigError as error:
        raise Invalid(str(error), {"config": str(error)}) from error
    return name.strip(), dict(config)


def _holds_nul(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_nul(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return any(map(_holds_nul, value))
    return isinstance(value, str) and "\0" in value


def _default_protocols() -> dict[str, Any]:
    """The protocol of each kind that has one: the one named like the kind."""
    return {
        name: {"name": name, "version": protocol(name).version, "config": {}}
        for name in kinds()
        if name in protocols_for(name)
    }
