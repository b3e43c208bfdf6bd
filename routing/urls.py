"""Where the pages of judges and reports are."""

from django.urls import path

from routing.views import inconsistency, judges, runs

urlpatterns = [
    path("campaigns/<slug:slug>/inconsistency/", inconsistency.inconsistency, name="inconsistency"),
    path("campaigns/<slug:slug>/judges/", judges.judges, name="judges"),
    path("judges/<int:pk>/run/", runs.start, name="judge_start"),
    path("judge-runs/<int:pk>/", runs.judge_run, name="judge_run"),
    path("judge-runs/<int:pk>/cancel/", runs.cancel_run, name="judge_run_cancel"),
]
