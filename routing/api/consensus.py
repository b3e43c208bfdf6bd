"""Consensus and researchers' decisions over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import campaign_run, signed_in
from annotate.adjudicating import adjudicate, newest_adjudication, withdraw_adjudication
from annotate.api.body import body
from annotate.api.pages import keyset_page
from annotate.campaigns import annotator_of
from annotate.errors import Invalid, WrongState
from annotate.models import Adjudication, Consensus
from routing.access import adjudication_run, unit_run
from routing.api.reports import OBJECT

LARGEST = 2**63


@extend_schema(
    operation_id="v1_campaigns_consensus_list",
    responses={200: OBJECT},
    summary="What the votes on each unit come to; `?question=` for one question",
)
@api_view(["GET"])
def consensus(request: Request, slug: str) -> Response:
    rows = Consensus.objects.filter(campaign=campaign_run(request.user, slug))
    if question := request.query_params.get("question", "").replace("\0", ""):
        rows = rows.filter(question=question)
    return keyset_page(request, rows.select_related("unit__item", "unit__view", "adjudication__author"), _payload)


@extend_schema(
    methods=["GET"],
    operation_id="v1_campaigns_adjudications_list",
    responses={200: OBJECT},
    summary="All decisions of researchers, also those replaced or taken back",
)
@extend_schema(
    methods=["POST"],
    operation_id="v1_campaigns_adjudications_create",
    request=OBJECT,
    responses={201: OBJECT},
    summary="Decide a unit's answer: {unit, question, answer, note?}",
)
@api_view(["GET", "POST"])
def adjudications(request: Request, slug: str) -> Response:
    campaign = campaign_run(request.user, slug)
    if request.method == "GET":
        rows = Adjudication.objects.filter(campaign=campaign).select_related("unit__item", "author")
        return keyset_page(request, rows, decision_payload)
    sent = body(request)
    if type(sent.get("unit")) is not int or not 0 < sent["unit"] < LARGEST:
        raise Invalid("unit must be the id of a unit", {"unit": "the id of a unit"})
    unit, author = unit_run(request.user, slug, sent["unit"]), annotator_of(signed_in(request.user))
    made = adjudicate(unit, sent.get("question"), sent.get("answer"), author, sent.get("note") or "")
    return Response(decision_payload(made), status=201)


@extend_schema(
    operation_id="v1_adjudications_withdraw",
    responses={200: OBJECT},
    summary="Take a decision back; the votes count again",
)
@api_view(["DELETE"])
def adjudication(request: Request, pk: int) -> Response:
    found = adjudication_run(request.user, pk)
    if newest_adjudication(found.unit, found.question) != found:
        raise WrongState("a later decision has replaced this one; take that back instead")
    made = withdraw_adjudication(found.unit, found.question, annotator_of(signed_in(request.user)))
    return Response(decision_payload(made))


def decision_payload(made: Adjudication) -> dict[str, Any]:
    """A decision; without an answer it took the one before it back."""
    return {
        "id": made.pk,
        "unit": made.unit_id,
        "item": made.unit.item.key,
        "question": made.question,
        "answer": made.answer,
        "author": made.author.name,
        "note": made.note,
        "created_at": made.created_at,
    }


def _payload(row: Consensus) -> dict[str, Any]:
    return {
        "id": row.pk,
        "unit": row.unit_id,
        "item": row.unit.item.key,
        "view": row.unit.view.name,
        "keys": row.unit.keys,
        "question": row.question,
        "rule": row.rule,
        "answer": row.answer,
        "n": row.n,
        "share": row.share,
        "confidence": row.confidence,
        "things": row.things,
        "adjudication": decision_payload(row.adjudication) if row.adjudication else None,
        "computed_at": row.computed_at,
    }
