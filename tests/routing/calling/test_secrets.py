import stat

import pytest
from django.conf import settings as real_settings
from pytest_django import Settings

from routing.calling.secrets import KeyUnreadable, decrypt, encrypt, key_problem, redact, redacted, rotate

KEY = "sk-test-0123456789"


def test_a_key_comes_back_from_what_is_stored_and_cannot_be_read_in_it() -> None:
    stored = encrypt(KEY)
    assert decrypt(stored) == KEY
    assert KEY not in stored
    assert encrypt(KEY) != stored, "equal keys must not look equal"


def test_no_key_stays_no_key() -> None:
    assert encrypt("") == decrypt("") == ""


def test_another_encryption_key_says_what_to_do(settings: Settings) -> None:
    stored = encrypt(KEY)
    settings.ENCRYPTION_KEY = "another"
    with pytest.raises(KeyUnreadable, match="enter it again, or bring the old ENCRYPTION_KEY back"):
        decrypt(stored)
    with pytest.raises(KeyUnreadable):
        decrypt("not even encrypted")


def test_after_rotation_the_old_encryption_key_can_go(settings: Settings) -> None:
    settings.ENCRYPTION_KEY = "old"
    stored = encrypt(KEY)
    settings.ENCRYPTION_KEY = "new, old"
    assert decrypt(stored) == KEY
    moved = rotate(stored)
    settings.ENCRYPTION_KEY = "new"
    assert decrypt(moved) == KEY


def test_the_encryption_key_of_a_single_machine_is_its_owners_alone() -> None:
    path = real_settings.VAR / "encryption_key"
    assert path.read_text() == real_settings.ENCRYPTION_KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("key", ["short", "with space in it", "line\nbreak-in-it", "ключ-ключ-ключ", "x" * 501])
def test_what_cannot_be_a_key_is_refused(key: str) -> None:
    assert key_problem(key)


def test_a_key_is_struck_out_of_texts_and_json_names_included() -> None:
    assert redact(f"not with {KEY}!", KEY) == "not with [key]!"
    assert redacted({KEY: [f"a{KEY}b", 3, None]}, KEY) == {"[key]": ["a[key]b", 3, None]}
    assert redacted({"a": 1}, "") == {"a": 1}
