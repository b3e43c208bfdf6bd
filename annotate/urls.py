"""Where the pages of researchers and annotators are."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from annotate.views import (
    campaign,
    campaign_form,
    display,
    home,
    images,
    imports,
    items,
    members,
    preferences,
    preview,
    sign_in,
    start,
)

of_campaign = [
    path("", campaign.campaign, name="campaign"),
    path("edit/", campaign_form.campaign_edit, name="campaign_edit"),
    path("preview/", preview.preview, name="preview"),
    path("state/", campaign.campaign_state, name="campaign_state"),
    path("members/", members.members, name="members"),
    path("members/new/", members.member_new, name="member_new"),
    path("members/<int:pk>/remove/", members.member_remove, name="member_remove"),
    path("items/", items.items, name="items"),
    path("items/<int:pk>/", items.item, name="item"),
    path("images/", images.images, name="images"),
    path("import/", imports.import_new, name="import_new"),
    path("import/<slug:upload>/", imports.import_confirm, name="import_confirm"),
]
urlpatterns = [
    path("", home.home, name="home"),
    path("login/", sign_in.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("me/display/", display.display, name="display"),
    path("me/keys/", preferences.key_settings, name="key_settings"),
    path("start/", start.import_start, name="import_start"),
    path("start/<slug:upload>/", start.start_confirm, name="start_confirm"),
    path("campaigns/new/", campaign_form.campaign_new, name="campaign_new"),
    path("campaigns/<slug:slug>/", include(of_campaign)),
    path("images/<int:campaign>/<str:name>", images.image, name="image"),
    path("imports/<int:pk>/", imports.import_job, name="import_job"),
    path("imports/<int:pk>/cancel/", imports.import_cancel, name="import_cancel"),
    path("imports/<int:pk>/errors.csv", imports.import_errors, name="import_errors"),
    path("", include("annotate.work_urls")),
]
