"""Keys of model servers: encrypted where they are kept, and struck out of whatever comes back from outside."""

import base64
import hashlib
import re
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

SHORTEST, LONGEST = 8, 500
STRUCK_OUT = "[key]"


class KeyUnreadable(ValueError):
    """The key was stored under another ENCRYPTION_KEY; enter it again, or bring the old ENCRYPTION_KEY back."""


def encrypt(key: str) -> str:
    """The key as it is stored; empty stays empty."""
    return _cipher(settings.ENCRYPTION_KEY).encrypt(key.encode()).decode() if key else ""


def decrypt(stored: str) -> str:
    """The key that was stored. Raises KeyUnreadable where no part of ENCRYPTION_KEY opens it."""
    try:
        return _cipher(settings.ENCRYPTION_KEY).decrypt(stored.encode()).decode() if stored else ""
    except InvalidToken as error:
        raise KeyUnreadable(" ".join((KeyUnreadable.__doc__ or "").split())) from error


def rotate(stored: str) -> str:
    """The same key, stored under the first part of ENCRYPTION_KEY. Raises KeyUnreadable."""
    return encrypt(decrypt(stored))


def key_problem(key: str) -> str | None:
    """Why this cannot be a key; None where it can."""
    if not SHORTEST <= len(key) <= LONGEST:
        return f"a key has {SHORTEST} to {LONGEST} characters; leave it empty where the server wants none"
    if not re.fullmatch(r"[!-~]+", key):
        return "a key has only ASCII letters, digits and signs, and no spaces"
    return None


def redact(text: str, key: str) -> str:
    """The text without the key."""
    return text.replace(key, STRUCK_OUT) if key else text


def redacted(value: Any, key: str) -> Any:
    """A JSON value without the key, in its names too."""
    if not key:
        return value
    if isinstance(value, str):
        return redact(value, key)
    if isinstance(value, list):
        return [redacted(part, key) for part in value]
    if isinstance(value, dict):
        return {redact(name, key): redacted(part, key) for name, part in value.items()}
    return value


@lru_cache(maxsize=4)
def _cipher(setting: str) -> MultiFernet:
    """Encrypts with the first of the comma-separated parts and decrypts with any."""
    return MultiFernet([Fernet(_fernet_key(part)) for part in setting.split(",") if part.strip()])


def _fernet_key(part: str) -> bytes:
    """Any long random text serves: it is hashed to the 32 bytes that the cipher takes."""
    return base64.urlsafe_b64encode(hashlib.sha256(part.strip().encode()).digest())
