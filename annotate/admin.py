"""The administration of organisations and users. Staff see their own organisation, superusers all."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from annotate.models import Organisation, User


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin[Organisation]):
    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        rows = super().get_queryset(request)
        return rows if _runs_all(request) else rows.filter(users=request.user.pk)


@admin.register(User)
class CrosscheckUserAdmin(UserAdmin[User]):
    list_display = ("username", "organisation", "role", "is_staff")
    fieldsets = (*(UserAdmin.fieldsets or ()), ("Crosscheck", {"fields": ("organisation", "role")}))
    add_fieldsets = (*UserAdmin.add_fieldsets, ("Crosscheck", {"fields": ("organisation", "role")}))

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        rows = super().get_queryset(request)
        return rows if _runs_all(request) else rows.filter(organisation__users=request.user.pk)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "organisation" and not _runs_all(request):
            kwargs["queryset"] = Organisation.objects.filter(users=request.user.pk)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def _runs_all(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
