"""Creating judges: a judge is an annotator of its campaign, with a provider and the protocols of its day."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from annotate.campaigns import add_member
from annotate.checking import check_storable
from annotate.errors import AnnotateError, Exists, Invalid
from annotate.models import Annotator, Campaign
from routing.choosing import choose
from routing.endpoints import create_endpoint
from routing.judges import ConfigError, Provider, UnknownName, provider
from routing.judges.remote import RemoteProvider
from routing.models import Endpoint, Judge
from routing.pricing import FREE, clean_price, price_of

TOO_LONG = ("refuse", "truncate")
Spec = Mapping[str, Any]


@transaction.atomic
def create_judge(campaign: Campaign, spec: Spec) -> Judge:
    """A judge of the campaign from `{name, provider, config?, protocols?, endpoint?, price?, too_long?,
    runs_at_launch?}`.

    `protocols` is `{kind or "question:<name>": {name, config}}`, over the usual ones; `endpoint` is the name of one,
    or what `create_endpoint` takes; `price` is `{input, output}` in US dollars a million tokens, by default that of
    the price table. Raises `Invalid`, `Exists`, `NotFound`, naming the field.
    """
    if not isinstance(spec, Mapping):
        raise Invalid("a judge is an object: {name, provider, config}", {"judge": "an object"})
    check_storable(dict(spec), "")
    name, model = name_of(spec), provider_of(spec)
    protocols = choose(campaign, model, _given(spec, "protocols", {}))
    too_long = too_long_of(spec)
    price = _price(campaign, model, spec.get("price"))
    endpoint = _endpoint(campaign, model, spec.get("endpoint"))
    return Judge.objects.create(
        campaign=campaign,
        annotator=_annotator(campaign, name),
        provider=model.name,
        config=dict(spec.get("config") or {}),
        endpoint=endpoint,
        protocols=protocols,
        price=price,
        too_long=too_long,
        runs_at_launch=spec.get("runs_at_launch") is True,
    )


def _given(spec: Spec, key: str, default: Any) -> Any:
    return default if spec.get(key) is None else spec[key]


def too_long_of(spec: Spec) -> str:
    """What becomes of a text that the model cannot read whole. Raises `Invalid`."""
    too_long = _given(spec, "too_long", TOO_LONG[0])
    if too_long not in TOO_LONG:
        raise Invalid("too_long must be refuse or truncate", {"too_long": "refuse or truncate"})
    return str(too_long)


def name_of(spec: Spec) -> str:
    """The name of a judge. Raises `Invalid`."""
    name = spec.get("name")
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= 200:
        raise Invalid("name must be a text of 1 to 200 characters", {"name": "1 to 200 characters"})
    return name.strip()


def provider_of(spec: Spec) -> Provider:
    """The provider that a judge's specification names, with its settings. Raises `Invalid`."""
    config = _given(spec, "config", {})
    if not isinstance(config, Mapping):
        raise Invalid("config must be an object", {"config": "an object"})
    try:
        return provider(str(spec.get("provider", "")))(dict(config))
    except UnknownName as error:
        raise Invalid(str(error), {"provider": str(error)}) from error
    except ConfigError as error:
        raise Invalid(str(error), {"config": str(error)}) from error


def _annotator(campaign: Campaign, name: str) -> Annotator:
    annotator, created = Annotator.objects.get_or_create(
        campaign=campaign,
        kind=Annotator.Kind.JUDGE,
        name=name,
        defaults={"organisation": campaign.organisation},
    )
    if not created:
        raise Exists(f"there is a judge {name!r} in this campaign already; choose another name", {"name": "in use"})
    add_member(campaign, annotator)
    return annotator


def _price(campaign: Campaign, model: Provider, given: Any) -> dict[str, float] | None:
    """The price given, else that of the table; what runs in this process costs nothing."""
    if not isinstance(model, RemoteProvider):
        return FREE
    return price_of(campaign.organisation, str(model.config["model"])) if given is None else clean_price(given)


def _endpoint(campaign: Campaign, model: Provider, given: Any) -> Endpoint | None:
    if not isinstance(model, RemoteProvider):
        if given:
            raise _wrong("endpoint", f"a judge of {model.name} has no endpoint: it runs in the worker")
        return None
    if isinstance(given, Mapping):
        try:
            return create_endpoint(campaign.organisation, {**given, "provider": model.name})
        except AnnotateError as error:
            raise type(error)(error.message, {f"endpoint.{k}": v for k, v in error.fields.items()}) from error
    own = campaign.organisation.endpoints.all()
    found = own.filter(name=given).first() if isinstance(given, str) else None
    if found is None:
        names = ", ".join(own.filter(provider=model.name).values_list("name", flat=True)) or "none yet"
        raise _wrong("endpoint", f"name an endpoint of your organisation ({names}), or give {{url, key}} of a new one")
    if found.provider != model.name:
        raise _wrong("endpoint", f"{found.name} is an endpoint of {found.provider}, not of {model.name}")
    return found


def _wrong(field: str, problem: str) -> Invalid:
    return Invalid(f"{field}: {problem}", {field: problem})
