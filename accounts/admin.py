from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import audit, lockout
from accounts.audit import Action, Event
from accounts.factors import store
from accounts.forms import TemporaryPasswordForm
from accounts.models import AuditEntry, User


@admin.register(User)
class StaffAdmin(UserAdmin):  # type: ignore[type-arg]
    """Whatever password an administrator sets is for one log-in; a disabled account is signed out for good."""

    list_display = (
        "username",
        "display_name",
        "role",
        "is_active",
        "is_locked",
        "has_factor",
        "last_login",
    )
    list_filter = ("role", "is_active", "must_change_password")
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        (_("Role"), {"fields": ("role", "display_name", "must_change_password")}),
    )
    change_password_form = TemporaryPasswordForm
    actions = ("unlock", "sign_out", "remove_factors")

    @admin.display(description=_("locked"), boolean=True)
    def is_locked(self, user: User) -> bool:
        return lockout.locked_until(user.username) is not None

    @admin.display(description=_("second factor"), boolean=True)
    def has_factor(self, user: User) -> bool:
        return store.has(user)

    @admin.action(description=_("Unlock the selected accounts"), permissions=["change"])
    def unlock(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        for user in chosen:
            lockout.reset(user.username)
            _record(user, "locked", None, False)
        self.message_user(
            request,
            ngettext("%(count)d account unlocked.", "%(count)d accounts unlocked.", len(chosen))
            % {"count": len(chosen)},
        )

    @admin.action(description=_("Sign the selected accounts out"), permissions=["change"])
    def sign_out(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        for user in chosen:
            user.end_sessions()
            _record(user, "sessions", None, "ended")
        self.message_user(
            request,
            ngettext("%(count)d account signed out.", "%(count)d accounts signed out.", len(chosen))
            % {"count": len(chosen)},
        )

    @admin.action(
        description=_("Remove the second factors of the selected accounts"), permissions=["change"]
    )
    def remove_factors(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """For a lost device; the audit entries are written where the rows go. Their sessions end."""
        count = sum(1 for user in chosen if store.remove_all(user))
        self.message_user(
            request,
            ngettext(
                "Second factors removed from %(count)d account.",
                "Second factors removed from %(count)d accounts.",
                count,
            )
            % {"count": count},
        )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.must_change_password = True
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data:
            obj.end_sessions()

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """One's own password is changed on one's own page, where the old one is asked for."""
        if str(request.user.pk) == id:
            return redirect("accounts:password")
        response: HttpResponse = super().user_change_password(request, id, form_url)
        return response


def _record(user: User, name: str, old: Any, new: Any) -> None:
    """Into the audit trail, since neither is a column that is saved."""
    audit.record(Event(Action.UPDATED, "user", str(user.pk), str(user), {name: (old, new)}))


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Looked at, never touched: the database would refuse it as well."""

    list_display = ("sequence", "at", "actor", "action", "kind", "label", "address")
    list_filter = ("action", "kind")
    search_fields = ("actor", "label", "subject", "address", "request_id")
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
