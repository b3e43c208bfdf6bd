"""Users and their organisation."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import IntegrityError, transaction
from rest_framework.authtoken.models import Token

from annotate.campaigns import annotator_of
from annotate.errors import Exists, Invalid, NotFound
from annotate.models import Organisation, User

DEFAULT_ORGANISATION = "Crosscheck"
check_name = RegexValidator(r"^[\w.@+-]{1,150}\Z", "letters, digits and @.+-_ only, 150 at most")


def default_organisation() -> Organisation:
    """The organisation that users belong to where none is named."""
    return Organisation.objects.get_or_create(name=DEFAULT_ORGANISATION)[0]


@transaction.atomic
def create_user(name: str, role: str, password: str, organisation: Organisation | None = None) -> User:
    """A user with the annotator that he is. Raises `Exists`; `Invalid` for a bad name, role or weak password."""
    if role not in User.Role.values:
        raise Invalid("role must be researcher or annotator", {"role": "researcher or annotator"})
    try:
        check_name(name)
    except ValidationError as error:
        raise Invalid(f"name: {error.messages[0]}", {"name": error.messages[0]}) from error
    if User.objects.filter(username=name).exists():
        raise Exists(f"the user {name} exists already", {"name": "in use"})
    user = User(username=name, role=role, organisation=organisation or default_organisation())
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), {"password": " ".join(error.messages)}) from error
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise Exists(f"the user {name} exists already", {"name": "in use"}) from error
    annotator_of(user)
    return user


def token_of(name: str) -> str:
    """The user's API token, made when first asked for. Raises `NotFound`."""
    user = User.objects.filter(username=name).first()
    if user is None:
        raise NotFound(f"there is no user {name!r}", {"user": "an existing user name"})
    return str(Token.objects.get_or_create(user=user)[0].key)
