"""What can go wrong in an action; every message says what to do next, and every door shows the same."""

from collections.abc import Mapping


class AnnotateError(Exception):
    """The request could not be carried out."""

    status = 400
    code = "error"

    def __init__(self, message: str | None = None, fields: Mapping[str, str] | None = None) -> None:
        self.message = message or " ".join((self.__doc__ or "").split())
        self.fields = dict(fields or {})
        super().__init__(self.message)


class Invalid(AnnotateError):
    """Something in the request has to be corrected; see the fields."""

    status = 422
    code = "invalid"


class TooLarge(AnnotateError):
    """More was sent than can be taken at once."""

    status = 413
    code = "too_large"


class NotFound(AnnotateError):
    """There is no such thing here, or you may not see it."""

    status = 404
    code = "not_found"


class NotAllowed(AnnotateError):
    """You may not do this here."""

    status = 403
    code = "not_allowed"


class Exists(AnnotateError):
    """This name is taken already."""

    status = 409
    code = "exists"


class PausedHere(NotAllowed):
    """A researcher has paused you in this campaign: you get no items and can submit nothing. Ask the researchers."""

    code = "paused"


class NotRunning(AnnotateError):
    """This campaign is not running, so nothing can be annotated in it now."""

    status = 409
    code = "not_running"


class LeaseLost(AnnotateError):
    """This item passed to someone else; your answers are kept as a draft."""

    status = 409
    code = "lease_lost"


class RevisionConflict(AnnotateError):
    """This annotation is finished already; to change it, name the revision that you have seen."""

    status = 409
    code = "revision_conflict"


class RevisionsOff(AnnotateError):
    """Answers in this campaign cannot be changed once they are submitted."""

    status = 409
    code = "revisions_off"


class TooManyHeld(AnnotateError):
    """You hold as many items as one person may; finish or skip one first."""

    status = 409
    code = "too_many_held"


class WrongState(AnnotateError):
    """This cannot be done in the present state."""

    status = 409
    code = "wrong_state"
