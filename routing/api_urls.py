from django.urls import path

from routing import api

urlpatterns = [
    path("campaigns/<slug:slug>/judges/", api.judges),
    path("campaigns/<slug:slug>/inconsistency/", api.inconsistency),
    path("judges/<int:pk>/run/", api.run),
    path("judges/<int:pk>/report/", api.report),
    path("judge-runs/<int:pk>/", api.judge_run),
    path("judge-runs/<int:pk>/cancel/", api.cancel_run),
]
