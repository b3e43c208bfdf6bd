"""The first page: a researcher's campaigns, an annotator's work."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from annotate.importing.readers.source import EXTENSIONS
from annotate.overview import joined_campaigns, own_campaigns
from annotate.views.request import SignedIn


@login_required
def home(request: SignedIn) -> HttpResponse:
    context = {
        "own": own_campaigns(request.user) if request.user.is_researcher else [],
        "joined": joined_campaigns(request.user),
        "accepted": ",".join(EXTENSIONS),
    }
    return render(request, "annotate/home.html", context)
