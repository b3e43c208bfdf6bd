"""Who takes part in a campaign."""

import secrets

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotate.access import campaign_run
from annotate.campaigns import add_user, remove_member
from annotate.errors import AnnotateError
from annotate.models import Campaign, Member, User
from annotate.users import create_user
from annotate.views.fields import Field
from annotate.views.request import SignedIn


@login_required
@require_http_methods(["GET", "POST"])
def members(request: SignedIn, slug: str) -> HttpResponse:
    campaign = campaign_run(request.user, slug)
    if request.method == "GET":
        return _page(request, campaign)
    name, role = request.POST.get("user", "").strip(), request.POST.get("role", Member.Role.ANNOTATOR)
    try:
        member = add_user(campaign, name, role)
    except AnnotateError as error:
        return _page(request, campaign, name, role, problem=error)
    messages.success(request, f"{member.annotator.name} takes part as {member.role}.")
    return redirect("members", slug)


@login_required
@require_POST
@never_cache
def member_new(request: SignedIn, slug: str) -> HttpResponse:
    """A new annotator with a password that is shown in this answer and nowhere else."""
    campaign = campaign_run(request.user, slug)
    name, password = request.POST.get("name", "").strip(), secrets.token_urlsafe(12)
    try:
        with transaction.atomic():
            create_user(name, User.Role.ANNOTATOR, password, campaign.organisation)
            add_user(campaign, name)
    except AnnotateError as error:
        return _page(request, campaign, new=name, new_problem=error)
    return _page(request, campaign, created=(name, password))


@login_required
@require_POST
def member_remove(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    campaign = campaign_run(request.user, slug)
    remove_member(campaign, pk)
    messages.success(request, "Removed from the campaign; the annotations stay.")
    still = campaign.members.filter(annotator__user=request.user).exists() or request.user.is_staff
    return redirect("members", slug) if still else redirect("home")


def _page(
    request: SignedIn,
    campaign: Campaign,
    name: str = "",
    role: str = Member.Role.ANNOTATOR,
    new: str = "",
    problem: AnnotateError | None = None,
    new_problem: AnnotateError | None = None,
    created: tuple[str, str] | None = None,
) -> HttpResponse:
    failed = problem or new_problem
    context = {
        "campaign": campaign,
        "tab": "members",
        "members": members_of(campaign),
        "user_field": Field("user", "User name", value=name, error=problem.message if problem else "", required=True),
        "role_field": Field("role", "Role", "select", role, choices=Member.Role.choices),
        "new_field": Field(
            "name", "User name", value=new, error=new_problem.message if new_problem else "", required=True
        ),
        "created": created,
    }
    return render(request, "annotate/members.html", context, status=failed.status if failed else 200)


def members_of(campaign: Campaign) -> QuerySet[Member]:
    """The members with how many annotations each has `done`; researchers first, then by name."""
    done = (
        campaign.annotations.filter(annotator=OuterRef("annotator"))
        .order_by()
        .values("annotator")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        campaign.members.select_related("annotator__user")
        .annotate(done=Subquery(done), person=Q(annotator__kind="human"))
        .order_by("-person", "-role", "annotator__name")
    )
