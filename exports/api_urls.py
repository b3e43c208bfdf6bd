from django.urls import path

from exports import api

urlpatterns = [
    path("campaigns/<slug:slug>/exports/", api.exports),
    path("exports/<int:pk>/", api.export),
    path("exports/<int:pk>/cancel/", api.cancel),
    path("exports/<int:pk>/download/", api.download),
]
