"""Claiming and submitting over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import annotations_seen, assignment_seen, campaign_seen, person, runs
from annotate.api.body import body, ids
from annotate.api.campaigns import OBJECT
from annotate.api.pages import keyset_page
from annotate.api.payloads import annotation_payload, assignment_payload
from annotate.assigning import claim as claim_assignment
from annotate.assigning import release as release_assignment
from annotate.errors import Invalid, LeaseLost
from annotate.flagging import skip as skip_assignment
from annotate.submitting import save_draft, submit
from annotate.suggesting import reveal


@extend_schema(request=OBJECT, responses={200: OBJECT, 204: None}, summary="Lease the next assignment")
@api_view(["POST"])
def claim(request: Request, slug: str) -> Response:
    campaign = campaign_seen(request.user, slug)
    annotator = person(request.user)
    assignment = claim_assignment(campaign, annotator, ids(body(request).get("holding"), "holding"))
    if assignment is None:
        return Response(status=204)
    return Response(assignment_payload(assignment, annotator))


@extend_schema(request=OBJECT, responses={200: OBJECT, 201: OBJECT}, summary="Submit answers, or change them")
@api_view(["PUT"])
def annotation(request: Request, pk: int) -> Response:
    (assignment, annotator), sent = assignment_seen(request.user, pk), body(request)
    revises = sent.get("revises")
    if revises is not None and type(revises) is not int:
        raise Invalid("revises must be the number of the revision you have seen", {"revises": "a whole number"})
    done = submit(
        assignment,
        annotator,
        sent.get("answers"),
        active_seconds=sent.get("active_seconds"),
        revises=revises,
        holding=ids(sent.get("holding"), "holding"),
        aids=sent.get("aids"),
    )
    done.annotation.unit, done.annotation.assignment = assignment.unit, assignment
    following = assignment_payload(done.next, annotator) if done.next else None
    payload = {"annotation": annotation_payload(done.annotation, for_researchers=False), "next": following}
    return Response(payload, status=201 if done.outcome == "created" else 200)


@extend_schema(request=OBJECT, responses={200: OBJECT}, summary="Keep unfinished answers and the lease")
@api_view(["PUT"])
def draft(request: Request, pk: int) -> Response:
    kept = save_draft(*assignment_seen(request.user, pk), body(request).get("answers"))
    return Response({"answers": kept.answers, "saved_at": kept.changed_at})


@extend_schema(request=OBJECT, responses={200: OBJECT}, summary="Pass an item over, with a reason")
@api_view(["POST"])
def skip(request: Request, pk: int) -> Response:
    then = skip_assignment(*assignment_seen(request.user, pk), body(request).get("reason"))
    return Response({"skipped": pk, "then": then})


@extend_schema(methods=["GET"], responses={200: OBJECT}, summary="Judges' suggestions, where they may be seen at once")
@extend_schema(methods=["POST"], request=OBJECT, responses={200: OBJECT}, summary="The same, after one's own answers")
@api_view(["GET", "POST"])
def suggestions(request: Request, pk: int) -> Response:
    answers = body(request).get("answers") if request.method == "POST" else None
    return Response({"suggestions": reveal(*assignment_seen(request.user, pk), answers)})


@extend_schema(request=None, responses={200: OBJECT}, summary="Give a lease back untouched")
@api_view(["POST"])
def release(request: Request, pk: int) -> Response:
    if not release_assignment(*assignment_seen(request.user, pk)):
        raise LeaseLost("you do not hold this item any more")
    return Response({"released": pk})


@extend_schema(responses={200: OBJECT}, summary="Annotations: all for researchers, one's own for annotators")
@api_view(["GET"])
def annotations(request: Request, slug: str) -> Response:
    campaign = campaign_seen(request.user, slug)
    rows, all_of_it = annotations_seen(request.user, campaign), runs(request.user, campaign)
    return keyset_page(
        request,
        rows.select_related("unit__item", "unit__view", "assignment", "annotator"),
        lambda annotation: annotation_payload(annotation, all_of_it),
    )
