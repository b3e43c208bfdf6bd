"""How annotators see a campaign: its first item with the questions of each screen; nothing can be submitted."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from annotate.access import campaign_run
from annotate.campaigns import views_asked
from annotate.models import Assignment, Campaign, View
from annotate.views.request import SignedIn
from annotate.views.work_page import Work, build_work


@login_required
def preview(request: SignedIn, slug: str) -> HttpResponse:
    """`?screen=` names one of the campaign's screens; the first by default."""
    campaign = campaign_run(request.user, slug)
    screens = list(views_asked(campaign.current))
    wanted = request.GET.get("screen", "")
    screen = next((view for view in screens if view.name == wanted), screens[0])
    context = {"campaign": campaign, "screens": screens, "screen": screen, "work": _first(campaign, screen)}
    return render(request, "annotate/preview.html", context)


def _first(campaign: Campaign, screen: View) -> Work | None:
    """The first unit of the screen, as the current version asks it; None before there are items."""
    rows = Assignment.objects.filter(unit__view=screen, unit__item__campaign=campaign).order_by("unit__item", "pk")
    found = rows.select_related("unit__item", "unit__view").first()
    if found is None:
        return None
    found.version_id = campaign.current.pk
    found.shown = found.shown or found.unit.keys
    return build_work(found, {})
