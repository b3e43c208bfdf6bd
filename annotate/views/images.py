"""A campaign's pictures: adding them, and showing one to those who annotate."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from annotate.access import campaign_run, image_seen
from annotate.errors import NotFound
from annotate.images import Added, add_images, image_path
from annotate.views.request import SignedIn

PAGE = 100
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=31536000, immutable",
}
"""A name never gets another content, so browsers may keep it."""


@login_required
@require_http_methods(["GET", "POST"])
def images(request: SignedIn, slug: str) -> HttpResponse:
    campaign, added = campaign_run(request.user, slug), Added()
    files = request.FILES.getlist("file")
    if files:
        added = add_images(campaign, [(file.name or "", file) for file in files])
    after = request.GET.get("after", "")
    found = list(campaign.images.filter(name__gt=after.replace("\0", "")).order_by("name")[: PAGE + 1])
    context = {
        "campaign": campaign,
        "tab": "items",
        "added": added,
        "problem": request.method == "POST" and not files,
        "images": found[:PAGE],
        "next": found[PAGE - 1].name if len(found) > PAGE else None,
        "total": campaign.images.count(),
    }
    refused = request.method == "POST" and not added.images
    return render(request, "annotate/images.html", context, status=422 if refused else 200)


@login_required
@require_safe
def image(request: HttpRequest, campaign: int, name: str) -> FileResponse:
    found = image_seen(request.user, campaign, name)
    try:
        file = image_path(found).open("rb")
    except FileNotFoundError as error:
        raise NotFound("the file of this picture is not on this machine; upload it again") from error
    return FileResponse(file, content_type=found.content_type, headers=HEADERS)
