"""Generated checklists over HTTP: starting a run, listing what is proposed, deciding."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import campaign_run, signed_in
from annotate.api.body import body
from annotate.api.pages import keyset_page
from annotate.errors import Invalid
from annotate.kinds.points import Point, read_points
from annotate.models import Campaign
from routing.access import proposal_run
from routing.api.runs import run_payload
from routing.models import Judge, Proposal
from routing.points.deciding import accept, accept_all, mark_of, reject
from routing.points.running import start_generation
from routing.pricing import millionths

OBJECT = OpenApiTypes.OBJECT


def proposal_payload(proposal: Proposal) -> dict[str, Any]:
    """A proposal; `accepted` are the points that are asked, where it was accepted. `seen` goes with a decision."""
    return {
        "id": proposal.pk,
        "item": proposal.item.key,
        "question": proposal.question,
        "judge": proposal.judge.name,
        "state": proposal.state,
        "points": proposal.points,
        "accepted": proposal.accepted if proposal.state == Proposal.State.ACCEPTED else None,
        "reason": proposal.reason,
        "decided_by": proposal.decided_by.username if proposal.decided_by else None,
        "decided_at": proposal.decided_at,
        "seen": mark_of(proposal),
    }


@extend_schema(methods=["GET"], responses={200: OBJECT}, summary="Proposed checklists; `?state=proposed` and so on")
@extend_schema(methods=["POST"], request=OBJECT, responses={202: OBJECT}, summary="Have a judge propose checklists")
@api_view(["GET", "POST"])
def points(request: Request, slug: str) -> Response:
    campaign = campaign_run(request.user, slug)
    if request.method == "POST":
        sent = body(request)
        judge, cap = _judge(campaign, sent.get("judge")), millionths(sent.get("cap"))
        return Response(run_payload(start_generation(judge, signed_in(request.user), cap=cap)), status=202)
    rows = campaign.proposals.select_related("item", "judge__annotator", "decided_by")
    if state := request.query_params.get("state"):
        if state not in Proposal.State.values:
            states = ", ".join(Proposal.State.values)
            raise Invalid(f"state must be one of {states}", {"state": f"one of {states}"})
        rows = rows.filter(state=state)
    return keyset_page(request, rows, proposal_payload)


def _judge(campaign: Campaign, given: Any) -> Judge:
    judges = {judge.name: judge for judge in campaign.judges.select_related("annotator", "campaign")}
    found = judges.get(given) if isinstance(given, str) else None
    if found is None:
        known = ", ".join(judges) or "none yet"
        raise Invalid(f"judge must be the name of a judge of this campaign ({known})", {"judge": f"one of {known}"})
    return found


@extend_schema(request=None, responses={200: OBJECT}, summary="Accept every proposal that nobody has begun to change")
@api_view(["POST"])
def accept_proposals(request: Request, slug: str) -> Response:
    return Response({"accepted": accept_all(campaign_run(request.user, slug), signed_in(request.user))})


@extend_schema(responses={200: OBJECT}, summary="A proposed checklist")
@api_view(["GET"])
def proposal(request: Request, pk: int) -> Response:
    return Response(proposal_payload(proposal_run(request.user, pk)))


@extend_schema(request=OBJECT, responses={200: OBJECT}, summary="Accept a checklist, as it stands or with your points")
@api_view(["POST"])
def accept_proposal(request: Request, pk: int) -> Response:
    found, sent = proposal_run(request.user, pk), body(request)
    wanted = _points(sent.get("points", found.points))
    accept(found, signed_in(request.user), wanted, _seen(sent))
    return Response(proposal_payload(proposal_run(request.user, pk)))


@extend_schema(request=OBJECT, responses={200: OBJECT}, summary="Turn a checklist down")
@api_view(["POST"])
def reject_proposal(request: Request, pk: int) -> Response:
    found, sent = proposal_run(request.user, pk), body(request)
    reject(found, signed_in(request.user), sent.get("reason") or "", _seen(sent))
    return Response(proposal_payload(proposal_run(request.user, pk)))


def _points(given: Any) -> list[Point]:
    try:
        return read_points(given)
    except Invalid as error:
        fields = {f"points{path}": message for path, message in error.fields.items()}
        raise Invalid("; ".join(f"{path}: {message}" for path, message in fields.items()), fields) from error


def _seen(sent: dict[str, Any]) -> str | None:
    seen = sent.get("seen")
    if seen is not None and not isinstance(seen, str):
        raise Invalid("seen must be the text that came with the proposal", {"seen": "a text"})
    return seen
