"""Where the annotation pages are."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
