"""Where the annotation pages are."""

from django.urls import path

from annotate.views import flags, history, work, work_held

urlpatterns = [
    path("campaigns/<slug:slug>/annotate/", work.annotate, name="annotate"),
    path("assignments/<int:pk>/submit/", work.submit, name="work_submit"),
    path("campaigns/<slug:slug>/mine/", history.mine, name="mine"),
    path("campaigns/<slug:slug>/flags/", flags.flags, name="flags"),
    path("flags/<int:pk>/resolve/", flags.flag_resolve, name="flag_resolve"),
    path("assignments/<int:pk>/draft/", work_held.draft, name="work_draft"),
    path("assignments/<int:pk>/keep/", work_held.keep, name="work_keep"),
    path("assignments/<int:pk>/skip/", work_held.skip, name="work_skip"),
    path("assignments/<int:pk>/flag/", work_held.flag, name="work_flag"),
    path("assignments/<int:pk>/suggestions/", work_held.suggestions, name="work_suggestions"),
    path("assignments/<int:pk>/release/", work_held.release_held, name="work_release"),
]
