"""Users, their passwords and tokens."""

import pytest
from rest_framework.authtoken.models import Token

from annotate.errors import Exists, Invalid, NotFound
from annotate.models import Annotator, Organisation, User
from annotate.users import create_user, token_of

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


def test_a_user_is_an_annotator_of_the_default_organisation() -> None:
    user = create_user("anna", "annotator", PASSWORD)
    assert user.check_password(PASSWORD)
    assert (user.role, user.is_staff, user.organisation.name) == ("annotator", False, "Crosscheck")
    assert Annotator.objects.get(user=user).name == "anna"


def test_a_name_is_taken_once_whatever_the_organisation() -> None:
    create_user("anna", "annotator", PASSWORD)
    with pytest.raises(Exists, match="anna exists already"):
        create_user("anna", "researcher", PASSWORD, Organisation.objects.create(name="Elsewhere"))
    assert User.objects.count() == 1


@pytest.mark.parametrize("name", ["", "a b", "a/b", "x" * 151, "a\n", "a\0"])
def test_a_name_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="name"):
        create_user(name, "annotator", PASSWORD)


@pytest.mark.parametrize("password", ["short", "password", "annalena1"])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        create_user("annalena", "annotator", password)
    assert list(refused.value.fields) == ["password"]
    assert not User.objects.exists()


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(Invalid, match="researcher or annotator"):
        create_user("anna", "owner", PASSWORD)


def test_a_token_is_made_once() -> None:
    create_user("anna", "annotator", PASSWORD)
    assert token_of("anna") == token_of("anna") == Token.objects.get().key
    with pytest.raises(NotFound, match="'bob'"):
        token_of("bob")
