"""Where the pages of exports are."""

from django.urls import path

from exports import views

urlpatterns = [
    path("campaigns/<slug:slug>/exports/", views.exports, name="exports"),
    path("exports/<int:pk>/", views.export, name="export"),
    path("exports/<int:pk>/cancel/", views.cancel, name="export_cancel"),
    path("exports/<int:pk>/download/", views.download, name="export_download"),
    path("exports/<int:pk>/manifest/", views.manifest, name="export_manifest"),
]
