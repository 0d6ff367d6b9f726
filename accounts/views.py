"""Signing in, and the page of one's own account."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import sessions
from accounts.factors import own, passkeys, pending, store
from accounts.forms import OwnPasswordForm
from accounts.models import User
from gis_projects.http import ratelimit
from gis_projects.http.problems import NotSignedIn


class SignIn(LoginView):
    """The only door. A temporary password leads to the page that changes it, wherever one wanted to go."""

    template_name = "accounts/login.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = sessions.holder(request)
        if user is not None and user.must_change_password:
            return redirect("accounts:password")
        if user is not None and store.is_missing(user):
            return redirect("accounts:second-factor")
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ratelimit.spend(request, "login")
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Who has a second factor is not signed in by the password: nobody is, until the next page is right too."""
        user = form.get_user()
        if not store.has(user):
            return super().form_valid(form)
        pending.begin(self.request, user, self.get_redirect_url())
        return redirect("accounts:second-step")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"obstacle": passkeys.obstacle(self.request)}

    def get_success_url(self) -> str:
        user = self.request.user
        if isinstance(user, User) and user.must_change_password:
            return reverse("accounts:password")
        if isinstance(user, User) and store.is_missing(user):
            return reverse("accounts:second-factor")
        return super().get_success_url()


class OwnPassword(PasswordChangeView):
    """A new password ends the account's sessions on every other device."""

    template_name = "accounts/password.html"
    form_class = OwnPasswordForm
    success_url = reverse_lazy("accounts:account")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        signed_in(request)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(
            self.request, _("The password is changed. Other devices have been signed out.")
        )
        return response


@require_safe
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    idle, limit = sessions.limits(user)
    spans = {
        "idle_days": idle // 86_400,
        "limit_days": limit // 86_400,
        "limit_hours": limit // 3_600,
    }
    return render(request, "accounts/account.html", spans | own.shown(request, user))


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of the account, this one too."""
    signed_in(request).end_sessions()
    logout(request)
    messages.success(request, _("You have been signed out on every device."))
    return redirect(settings.LOGOUT_REDIRECT_URL)


def signed_in(request: HttpRequest) -> User:
    """Raises NotSignedIn for the public."""
    if not isinstance(request.user, User):
        raise NotSignedIn()
    return request.user
