"""Making, changing and trying the endpoints of an organisation. A key goes in and never comes out."""

import asyncio
from collections.abc import Mapping
from typing import Any, cast

from django.db import IntegrityError, transaction

from annotate.errors import Exists, WrongState
from annotate.models import Organisation
from routing.calling.addresses import host_and_port
from routing.calling.probing import ProbeFailed, in_words, probe, remember
from routing.calling.secrets import encrypt, rotate
from routing.calling.sending import Sender
from routing.endpoint_fields import (
    clean_address,
    clean_key,
    clean_limits,
    clean_name,
    clean_provider,
    free_name,
    known_fields,
    wrong,
)
from routing.judges import ConfigError, providers
from routing.judges.remote import RemoteProvider
from routing.models import Endpoint

MODELS_SECONDS, CANARY_SECONDS = 15, 45
MOST_MODELS = 500


def create_endpoint(organisation: Organisation, spec: Mapping[str, Any]) -> Endpoint:
    """An endpoint from `{url, provider?, name?, key?, requests_per_minute?, tokens_per_minute?, concurrency?}`.

    The provider is "openai" and the name that of the host unless given. Raises `Invalid`, `Exists`.
    """
    return _saved(_made(organisation, spec))


def _made(organisation: Organisation, spec: Mapping[str, Any]) -> Endpoint:
    given = known_fields(spec)
    provider = clean_provider(given.get("provider", "openai"))
    url = clean_address(given.get("url"))
    name = clean_name(given["name"]) if given.get("name") else free_name(organisation, host_and_port(url)[0])
    key = encrypt(clean_key(given.get("key")))
    return Endpoint(organisation=organisation, name=name, provider=provider, url=url, key=key, **clean_limits(given))


def change_endpoint(endpoint: Endpoint, spec: Mapping[str, Any]) -> Endpoint:
    """Changes what `spec` names; an empty `key` takes the key away. Raises `Invalid`, `Exists`, `WrongState`.

    The address changes only while no judge uses it: what a judge said is what the model at its address said. The key
    does not go along: it was given for the address that was.
    """
    given = known_fields(spec)
    if given.get("provider", endpoint.provider) != endpoint.provider:
        raise wrong("provider", "this cannot change; make another endpoint")
    changes: dict[str, Any] = clean_limits(given)
    if "name" in given:
        changes["name"] = clean_name(given["name"])
    if "url" in given:
        changes |= _moved(endpoint, clean_address(given["url"]))
    if given.get("key") is not None:
        key = encrypt(clean_key(given["key"]))
        changes |= {"key": key, "failures": 0, "openings": 0, "open_until": None}
    return _changed(endpoint, changes)


def delete_endpoint(endpoint: Endpoint) -> None:
    """Deletes an endpoint that no judge uses; raises `WrongState` for another."""
    if endpoint.judges.exists():
        raise WrongState(f"{endpoint} is used by a judge and stays; you may take its key away")
    endpoint.delete()


def test_endpoint(endpoint: Endpoint, model: str) -> dict[str, Any]:
    """Tries the address, the key, and the model (empty: the only one listed); remembers what it found.

    `{"ok", "model", "models", "found", "problem"}`: `found` and `problem` are plain words.
    """
    result = asyncio.run(_tried(endpoint, model.strip()))
    if capabilities := result.pop("capabilities", None):
        remember(endpoint, result["model"], capabilities)
    return result


test_endpoint.__test__ = False  # type: ignore[attr-defined]  # its name makes pytest take it for a test


def try_endpoint(organisation: Organisation, spec: Mapping[str, Any], model: str) -> dict[str, Any]:
    """`test_endpoint` of one that is not saved: `capabilities` are in the result where there are any."""
    return asyncio.run(_tried(_made(organisation, spec), model.strip()))


def rotate_keys() -> int:
    """Stores every key under the first part of ENCRYPTION_KEY; returns how many there are. Raises KeyUnreadable."""
    with transaction.atomic():
        endpoints = list(Endpoint.objects.select_for_update().exclude(key=""))
        for endpoint in endpoints:
            endpoint.key = rotate(endpoint.key)
        Endpoint.objects.bulk_update(endpoints, ["key"])
    return len(endpoints)


async def _tried(endpoint: Endpoint, model: str) -> dict[str, Any]:
    result: dict[str, Any] = {"ok": False, "model": model, "models": [], "found": [], "problem": ""}
    kind = cast(type[RemoteProvider], providers()[endpoint.provider])
    sender = Sender(endpoint, kind({}))
    try:
        listing = await sender.get("/models", MODELS_SECONDS, dict(getattr(kind, "headers", {})))
        if not listing.status or (listing.status in (401, 403) and not model):
            return {**result, "problem": in_words(listing)}
        result["models"] = _models(listing.payload)
        result["found"] = [f"lists {len(result['models'])} models" if result["models"] else "does not list its models"]
        if not model and len(result["models"]) != 1:
            return {**result, "problem": "name the model to try"}
        result["model"] = model or result["models"][0]
        capabilities = await probe(kind({"model": result["model"], "timeout": CANARY_SECONDS}), sender.send)
        found = [*result["found"], *capabilities["found"]]
        return {**result, "ok": True, "found": found, "capabilities": capabilities}
    except (ProbeFailed, ConfigError) as error:
        return {**result, "problem": str(error)}
    finally:
        await sender.close()


def _models(payload: Any) -> list[str]:
    listed = payload.get("data") if isinstance(payload, dict) else None
    names = [each.get("id") for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return [name for name in names if isinstance(name, str)][:MOST_MODELS]


def _moved(endpoint: Endpoint, url: str) -> dict[str, Any]:
    if url == endpoint.url:
        return {}
    if endpoint.judges.exists():
        raise WrongState(
            f"{endpoint} is used by a judge, so its address stays; make another endpoint", {"url": "cannot change"}
        )
    return {"url": url, "capabilities": {}, "key": ""}


def _changed(endpoint: Endpoint, changes: Mapping[str, Any]) -> Endpoint:
    """Writes these fields alone, for workers keep the others, and only at the address that was seen."""
    held = Endpoint.objects.filter(pk=endpoint.pk, url=endpoint.url)
    try:
        with transaction.atomic():
            if changes and not held.update(**changes):
                raise WrongState(f"{endpoint} has been moved or deleted meanwhile; look at it again")
    except IntegrityError as error:
        raise _taken(changes["name"]) from error
    endpoint.refresh_from_db()
    return endpoint


def _saved(endpoint: Endpoint) -> Endpoint:
    try:
        with transaction.atomic():
            endpoint.save()
    except IntegrityError as error:
        raise _taken(endpoint.name) from error
    return endpoint


def _taken(name: str) -> Exists:
    return Exists(f"there is an endpoint {name!r} already; choose another name", {"name": "in use"})
