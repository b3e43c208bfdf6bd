"""Whether a judge's labels may stand alone: its calibrations and certificates, and what they promise."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from annotate.access import campaigns_run_by
from annotate.errors import AnnotateError, NotFound
from annotate.models import Question
from annotate.views.request import SignedIn
from routing.access import judge_run_by
from routing.models import Calibration, Judge
from routing.scope import unsupported
from routing.trust.calibrating import calibrate, calibrated_judge
from routing.trust.certifying import certify
from routing.trust.drift import reinstate
from routing.views.percents import typed_share

TARGET, CERTAINTY = 80.0, 90.0


@login_required
@require_safe
def judge_trust(request: SignedIn, pk: int) -> HttpResponse:
    return _page(request, judge_run_by(request.user, pk))


@login_required
@require_POST
def judge_calibrate(request: SignedIn, pk: int) -> HttpResponse:
    judge = judge_run_by(request.user, pk)
    try:
        found = calibrate(judge, request.POST.get("question", ""), request.user)
    except AnnotateError as error:
        return _page(request, judge, calibration_error=error)
    left = f"{found.figures['left']} labelled prompts are left to certify with"
    messages.success(request, f"Calibrated on {found.n} pairs of people's labels; {left}.")
    return redirect("judge_trust", pk)


@login_required
@require_POST
def judge_certify(request: SignedIn, pk: int) -> HttpResponse:
    judge = judge_run_by(request.user, pk)
    try:
        target, certainty = (typed_share(request.POST, name) for name in ("target", "certainty"))
        certify(judge, request.POST.get("question", ""), target, 1 - certainty, request.user)
    except AnnotateError as error:
        return _page(request, judge, certificate_error=error)
    return redirect("judge_trust", pk)


@login_required
@require_POST
def calibrated(request: SignedIn, pk: int) -> HttpResponse:
    """Makes a judge of a calibration."""
    found = Calibration.objects.filter(pk=pk, judge__campaign__in=campaigns_run_by(request.user))
    calibration = found.select_related("judge__annotator", "judge__campaign").first()
    if calibration is None:
        raise NotFound("there is no such calibration, or you do not run its campaign")
    try:
        judge = calibrated_judge(calibration, request.POST.get("name", "").strip())
    except AnnotateError as error:
        return _page(request, calibration.judge, calibration_error=error)
    messages.success(request, f"The judge {judge} is ready. Its calls are those of {calibration.judge}: a run is free.")
    return redirect("judge_trust", judge.pk)


@login_required
@require_POST
def judge_reinstate(request: SignedIn, pk: int) -> HttpResponse:
    judge = judge_run_by(request.user, pk)
    try:
        reinstate(judge)
    except AnnotateError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{judge} may run again. It keeps nothing until it is certified anew.")
    return redirect("judge_trust", pk)


def _page(request: SignedIn, judge: Judge, **errors: AnnotateError) -> HttpResponse:
    asked = Question.objects.filter(version=judge.campaign.current).select_related("view")
    context = {
        "campaign": judge.campaign,
        "tab": "judges",
        "judge": judge,
        "questions": [question for question in asked if unsupported(judge, question, question.view) is None],
        "pairwise": [question for question in asked if question.kind == "pairwise"],
        "calibrations": judge.calibrations.all(),
        "certificates": judge.certificates.select_related("calibration"),
        "target": request.POST.get("target", f"{TARGET:g}"),
        "certainty": request.POST.get("certainty", f"{CERTAINTY:g}"),
        "chosen": request.POST.get("question", ""),
        **errors,
    }
    status = max((error.status for error in errors.values()), default=200)
    return render(request, "routing/trust/judge.html", context, status=status)
