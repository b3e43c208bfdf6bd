"""The fields of an endpoint as people give them, cleaned. Every one raises `Invalid` naming the field."""

import asyncio
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from annotate.errors import Invalid
from annotate.models import Organisation
from annotate.registry import look_up
from routing.calling.addresses import RefusedAddress, checked_url, host_and_port, resolve
from routing.calling.secrets import key_problem
from routing.judges import providers
from routing.judges.remote import RemoteProvider

FIELDS = ("name", "provider", "url", "key", "requests_per_minute", "tokens_per_minute", "concurrency")
LIMITS = {"requests_per_minute": 10**6, "tokens_per_minute": 2**31 - 1, "concurrency": 1000}
LONGEST_NAME = 100


def known_fields(spec: Any) -> dict[str, Any]:
    if not isinstance(spec, Mapping):
        raise Invalid("an endpoint is an object: {url, key}", {"endpoint": "an object"})
    for field in spec:
        look_up(dict.fromkeys(FIELDS), field, "setting of an endpoint", str(field))
    return dict(spec)


def clean_provider(name: Any) -> str:
    remote = {each: kind for each, kind in providers().items() if issubclass(kind, RemoteProvider)}
    look_up(remote, str(name), "provider with an endpoint", "provider")
    return str(name)


def clean_name(value: Any) -> str:
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= LONGEST_NAME or "\0" in value:
        raise wrong("name", f"a name has 1 to {LONGEST_NAME} characters")
    return value.strip()


def free_name(organisation: Organisation, host: str) -> str:
    """The host's name, with a number where it is taken."""
    taken = set(organisation.endpoints.values_list("name", flat=True))
    base = host[: LONGEST_NAME - 5]
    return next(name for n in range(1, len(taken) + 2) if (name := base if n == 1 else f"{base} {n}") not in taken)


def clean_address(value: Any) -> str:
    """The URL, once every address of its host was found to be one that may be called."""
    if not isinstance(value, str):
        raise wrong("url", "give the address of the server, such as https://api.example.org/v1")
    try:
        url = checked_url(value)
        asyncio.run(resolve(*host_and_port(url), settings.JUDGE_NETWORKS))
    except RefusedAddress as error:
        raise wrong("url", str(error)) from error
    except (OSError, UnicodeError) as error:
        raise wrong("url", f"the host {host_and_port(url)[0]} is not known here; check its spelling") from error
    return url


def clean_key(value: Any) -> str:
    key = value.strip() if isinstance(value, str) else value
    if key in (None, ""):
        return ""
    if not isinstance(key, str):
        raise wrong("key", "a key is a text")
    if problem := key_problem(key):
        raise wrong("key", problem)
    return key


def clean_limits(given: Mapping[str, Any]) -> dict[str, int | None]:
    return {field: _limit(field, given[field], most) for field, most in LIMITS.items() if field in given}


def _limit(field: str, value: Any, most: int) -> int | None:
    if value in (None, "") and field != "concurrency":
        return None
    number = int(value) if isinstance(value, str) and value.strip().isdecimal() and len(value) < 12 else value
    if type(number) is not int or not 1 <= number <= most:
        empty = "" if field == "concurrency" else ", or empty for no limit"
        raise wrong(field, f"it must be a whole number from 1 to {most}{empty}")
    return number


def wrong(field: str, problem: str) -> Invalid:
    return Invalid(f"{field}: {problem}", {field: problem})
