from django.urls import path

from routing.api import endpoints, judges, points, prices, reports, runs, trust, verdicts

urlpatterns = [
    path("campaigns/<slug:slug>/judges/", judges.judges),
    path("campaigns/<slug:slug>/judge-budget/", judges.budget),
    path("campaigns/<slug:slug>/inconsistency/", reports.inconsistency),
    path("campaigns/<slug:slug>/reliability/", reports.reliability),
    path("judges/<int:pk>/estimate/", runs.estimated),
    path("judges/<int:pk>/run/", runs.run),
    path("judges/<int:pk>/report/", judges.report),
    path("judge-runs/<int:pk>/", runs.judge_run),
    path("judge-runs/<int:pk>/pause/", runs.pause),
    path("judge-runs/<int:pk>/resume/", runs.resume),
    path("judge-runs/<int:pk>/cancel/", runs.cancel),
    path("trainings/<int:pk>/", judges.training),
    path("endpoints/", endpoints.endpoints),
    path("endpoints/<int:pk>/", endpoints.endpoint),
    path("endpoints/<int:pk>/test/", endpoints.tested),
    path("prices/", prices.prices),
    path("prices/<int:pk>/", prices.price),
    path("judges/<int:pk>/calibrations/", trust.calibrations),
    path("judges/<int:pk>/certificates/", trust.certificates),
    path("campaigns/<slug:slug>/cascade/", trust.cascade),
    path("campaigns/<slug:slug>/points/", points.points),
    path("campaigns/<slug:slug>/points/accept/", points.accept_proposals),
    path("proposals/<int:pk>/", points.proposal),
    path("proposals/<int:pk>/accept/", points.accept_proposal),
    path("proposals/<int:pk>/reject/", points.reject_proposal),
    path("campaigns/<slug:slug>/verdicts/", verdicts.verdicts),
]
