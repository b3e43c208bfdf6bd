"""Where everything is."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from annotate.api.errors import not_found
from annotate.health import healthz

urlpatterns = [
    path("healthz", healthz),
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/", include("annotate.api.urls")),
    path("api/v1/", include("routing.api_urls")),
    path("api/v1/", include("exports.api_urls")),
    path("api/", not_found),
    path("api/<path:unknown>", not_found),
    path("", include("annotate.urls")),
    path("", include("routing.urls")),
    path("", include("exports.urls")),
]
