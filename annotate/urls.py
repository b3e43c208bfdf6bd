"""Where the pages of researchers and annotators are."""

from django.urls import include, path

from annotate.views import pending

work = pending.page
urlpatterns = [
    path("", work, name="home"),
    path("login/", work, name="login"),
    path("logout/", work, name="logout"),
    path("start/", work, name="import_start"),
    path("campaigns/new/", work, name="campaign_new"),
    path("campaigns/<slug:slug>/", work, name="campaign"),
    path("campaigns/<slug:slug>/edit/", work, name="campaign_edit"),
    path("campaigns/<slug:slug>/state/", work, name="campaign_state"),
    path("campaigns/<slug:slug>/members/", work, name="members"),
    path("campaigns/<slug:slug>/items/", work, name="items"),
    path("campaigns/<slug:slug>/import/", work, name="import_new"),
    path("campaigns/<slug:slug>/import/<str:upload>/", work, name="import_confirm"),
    path("imports/<int:pk>/", work, name="import_job"),
    path("", include("annotate.work_urls")),
]
