"""What is done from the inconsistency page: asking again, linking campaigns, importing win rates."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize
from django.views.decorators.http import require_http_methods, require_POST

from annotate.access import campaign_run
from annotate.errors import AnnotateError, Invalid
from annotate.models import Campaign
from annotate.views.request import SignedIn
from routing.access import link_run
from routing.inconsistency import NOTHING
from routing.inconsistency.asking import Settling, ask_to_settle
from routing.linking import link, unlink
from routing.reports import report_of
from routing.win_rates import EXAMPLE, LONGEST, forget_win_rates, read_win_rates, save_win_rates, win_rates


@login_required
@require_POST
def settle(request: SignedIn, slug: str) -> HttpResponse:
    """Asks again about the most inconsistent pairs, and says what was made."""
    campaign = campaign_run(request.user, slug)
    rows = (report_of(campaign, "inconsistency") or NOTHING).get("settle", [])
    given = request.POST.get("pairs", "")
    pairs = int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else 0
    try:
        found = ask_to_settle(
            request.user, rows, pairs, request.POST.get("what", "both"), request.POST.get("who", "others")
        )
    except AnnotateError as error:
        messages.error(request, error.message)
        return _back(campaign)
    level = messages.SUCCESS if found.made else messages.WARNING
    messages.add_message(request, level, _said(found))
    return _back(campaign)


def _said(found: Settling) -> str:
    made = f"{found.made} assignment{pluralize(found.made)} made about {found.pairs} pair{pluralize(found.pairs)}"
    said = f"{made}; what is asked again comes first."
    if n := len(found.left_out):
        reasons = "; ".join(sorted(set(found.left_out.values())))
        said += f" {n} unit{pluralize(n)} {pluralize(n, 'was,were')} left out: {reasons}."
    return said


@login_required
@require_POST
def linked(request: SignedIn, slug: str) -> HttpResponse:
    """Links a campaign over the same items."""
    campaign = campaign_run(request.user, slug)
    try:
        other = campaign_run(request.user, request.POST.get("campaign", "").replace("\0", ""))
        link(campaign, other)
    except AnnotateError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Linked with {other.name}; the comparison appears by itself.")
    return _back(campaign)


@login_required
@require_POST
def unlinked(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    campaign = campaign_run(request.user, slug)
    unlink(link_run(request.user, pk))
    messages.success(request, "The link is taken back.")
    return _back(campaign)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rates(request: SignedIn, slug: str) -> HttpResponse:
    """The form for win rates; a POST stores them and leads back to the report, or shows what is wrong with them."""
    campaign = campaign_run(request.user, slug)
    context = {"campaign": campaign, "tab": "quality", "part": "inconsistency", "example": EXAMPLE}
    if request.method != "POST":
        return render(request, "routing/inconsistency/win_rates.html", {**context, **win_rates(campaign)})
    if "forget" in request.POST:
        forget_win_rates(campaign)
        messages.success(request, "The win rates are forgotten.")
        return _back(campaign)
    text = request.POST.get("text", "")
    try:
        save_win_rates(campaign, read_win_rates(_file(request) or text))
    except Invalid as error:
        problems = {**context, **win_rates(campaign), "text": text, "problem": error.message}
        return render(request, "routing/inconsistency/win_rates.html", problems, status=422)
    messages.success(request, "The win rates are stored.")
    return _back(campaign)


def _file(request: SignedIn) -> str:
    """The text of the uploaded file; empty where there is none. Raises `Invalid` for what is no text."""
    file = request.FILES.get("file")
    if file is None:
        return ""
    try:
        return str(file.read(4 * LONGEST + 1), "utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("the file is not text in UTF-8", {"file": "CSV or JSON in UTF-8"}) from None


def _back(campaign: Campaign) -> HttpResponse:
    return redirect("inconsistency", campaign.slug)
