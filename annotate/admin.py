"""The administration of organisations and users, for staff."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from annotate.models import Organisation, User

admin.site.register(Organisation)


@admin.register(User)
class CrosscheckUserAdmin(UserAdmin[User]):
    list_display = ("username", "organisation", "role", "is_staff")
    fieldsets = (*(UserAdmin.fieldsets or ()), ("Crosscheck", {"fields": ("organisation", "role")}))
    add_fieldsets = (*UserAdmin.add_fieldsets, ("Crosscheck", {"fields": ("organisation", "role")}))
