"""Where the annotation pages are."""

from django.urls import path

from annotate.views import work

urlpatterns = [
    path("campaigns/<slug:slug>/annotate/", work.annotate, name="annotate"),
    path("assignments/<int:pk>/submit/", work.submit, name="work_submit"),
    path("assignments/<int:pk>/draft/", work.draft, name="work_draft"),
    path("assignments/<int:pk>/skip/", work.skip, name="work_skip"),
    path("assignments/<int:pk>/release/", work.release_held, name="work_release"),
]
