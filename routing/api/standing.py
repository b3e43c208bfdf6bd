"""What researchers decided about the annotators of a campaign, over HTTP."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import campaign_run
from annotate.access import person as person_of
from annotate.api.body import body
from annotate.api.pages import keyset_page
from annotate.errors import Invalid
from annotate.models import Annotator, Campaign, Standing
from annotate.standing import annotator_in, annotators_of, exclude, include, pause, resume, standing_of, weigh

OBJECT = OpenApiTypes.OBJECT
ACTIONS = {"pause": pause, "resume": resume, "include": include}


@extend_schema(responses={200: OBJECT}, summary="The annotators of a campaign, and what was decided about each")
@api_view(["GET"])
def annotators(request: Request, slug: str) -> Response:
    campaign = campaign_run(request.user, slug)
    return keyset_page(request, annotators_of(campaign), lambda found: _described(campaign, found))


@extend_schema(
    request=OBJECT,
    responses={200: OBJECT},
    summary="Decide about an annotator: {action: pause, resume, exclude, include, weigh; weight?, ask_others?, note?}",
)
@api_view(["POST"])
def standing(request: Request, slug: str, pk: int) -> Response:
    campaign = campaign_run(request.user, slug)
    annotator, by, sent = annotator_in(campaign, pk), person_of(request.user), body(request)
    _decide(campaign, annotator, by, sent)
    return Response(_described(campaign, annotator))


def _decide(campaign: Campaign, annotator: Annotator, by: Annotator, sent: dict[str, Any]) -> Standing:
    action, note = sent.get("action"), sent.get("note", "")
    if action == "weigh":
        return weigh(campaign, annotator, by, sent.get("weight"), note)
    if action == "exclude":
        ask_others = sent.get("ask_others", False)
        if not isinstance(ask_others, bool):
            raise Invalid("ask_others must be true or false", {"ask_others": "true or false"})
        return exclude(campaign, annotator, by, note, ask_others=ask_others)
    if not isinstance(action, str) or action not in ACTIONS:
        known = ", ".join([*ACTIONS, "exclude", "weigh"])
        raise Invalid("say what is to be done about the annotator", {"action": f"one of {known}"})
    return ACTIONS[action](campaign, annotator, by, note)


def _described(campaign: Campaign, annotator: Annotator) -> dict[str, Any]:
    found = standing_of(campaign, annotator)
    return {
        "id": annotator.pk,
        "name": annotator.name,
        "kind": annotator.kind,
        "paused_at": found.paused_at,
        "excluded_at": found.excluded_at,
        "weight": found.weight,
        "note": found.note,
        "changed_by": found.changed_by.name if found.changed_by else None,
        "changed_at": found.changed_at if found.pk else None,
    }
