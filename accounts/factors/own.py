"""One's own factors: set up, looked at, taken away. Each change asks for the password and ends the other sessions."""

import base64
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from allauth.mfa.adapter import get_adapter
from allauth.mfa.utils import decrypt
from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.factors import codes, passkeys, recent, store
from accounts.factors.adapter import SecretsUnreadable
from accounts.factors.forms import AppCodeForm, PasskeyForm, PasswordAgainForm
from accounts.models import User
from gis_projects.http.problems import NotFound, NotSignedIn

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[HttpRequest, Parameters], HttpResponse]
PAGE = require_http_methods(["GET", "HEAD", "POST"])
_SECRET = "totp_secret"  # in the session, encrypted, until the first code


def confirmed(view: View[Parameters]) -> View[Parameters]:
    """For whoever is signed in and gave the password a moment ago; others give it first. Raises NotSignedIn."""

    @PAGE
    @never_cache
    @wraps(view)
    def inner(
        request: HttpRequest, /, *args: Parameters.args, **kw: Parameters.kwargs
    ) -> HttpResponse:
        _me(request)
        if recent.is_confirmed(request):
            return view(request, *args, **kw)
        return redirect(f"{reverse('accounts:confirm')}?{urlencode({'next': request.path})}")

    return inner


@require_http_methods(["GET", "HEAD"])
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Where those land who must have a factor and have none."""
    user = _me(request)
    words = shown(request, user) | {"is_missing": store.is_missing(user)}
    return render(request, "accounts/second_factor.html", words)


def shown(request: HttpRequest, user: User) -> dict[str, Any]:
    """What the list of factors needs, on this page and on the account's."""
    factors = store.listed(user)
    return {
        "factors": factors,
        "has_app": any(factor.kind == store.TOTP for factor in factors),
        "obstacle": passkeys.obstacle(request),
    }


@PAGE
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """The password again, behind the same lock as the log-in. Raises AccountLocked."""
    user = _me(request)
    form = PasswordAgainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["password"]
        found = authenticate(request, username=user.username, password=password)
        if found == user:
            recent.confirm(request)
            return redirect(_next(request))
        form.add_error("password", _("The password is wrong."))
    return render(request, "accounts/confirm.html", {"form": form, "next": _next(request)})


@confirmed
def add_app(request: HttpRequest) -> HttpResponse:
    user = _me(request)
    if store.rows(user).filter(type=store.TOTP).exists():
        return redirect("accounts:second-factor")
    kept = request.session.setdefault(_SECRET, codes.new_secret())
    form = AppCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if codes.add(user, kept, form.cleaned_data["code"]):
            del request.session[_SECRET]
            return _added(request, user)
        form.add_error("code", _("This code does not fit. Is the clock of the device right?"))
    secret = decrypt(kept)
    picture = get_adapter().build_totp_svg(get_adapter().build_totp_url(user, secret))
    words = {
        "form": form,
        "picture": base64.b64encode(picture.encode()).decode(),
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    }
    return render(request, "accounts/add_app.html", words)


@confirmed
def add_passkey(request: HttpRequest) -> HttpResponse:
    user = _me(request)
    obstacle = passkeys.obstacle(request)
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not obstacle:
        try:
            answer = request.POST.get("credential", "")
            passkeys.add(user, form.cleaned_data["name"], answer)
        except passkeys.Refused:
            form.add_error(None, _("This passkey was not accepted."))
        else:
            return _added(request, user)
    options = None if obstacle else passkeys.begin_adding(user)
    words = {"form": form, "obstacle": obstacle, "options": options}
    return render(request, "accounts/add_passkey.html", words)


@confirmed
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks before it takes the factor away. Raises NotFound for one that is not the account's."""
    user = _me(request)
    found = next((factor for factor in store.listed(user) if factor.pk == pk), None)
    if found is None:
        raise NotFound()
    if request.method != "POST":
        return render(request, "accounts/remove_factor.html", {"factor": found})
    store.remove(user, pk)
    _end_other_sessions(request, user)
    messages.success(request, _("Removed. Other devices have been signed out."))
    return redirect("accounts:second-factor")


@confirmed
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The codes that are left; POST makes new ones. Raises NotFound for an account without a factor."""
    user = _me(request)
    if not store.has(user):
        raise NotFound()
    if request.method == "POST":
        store.add_recovery_codes(user, anew=True)
        messages.success(request, _("These are new codes. The old ones are worth nothing now."))
        return redirect("accounts:recovery-codes")
    kept = store.recovery(user)
    try:
        left = [] if kept is None else kept.get_unused_codes()
    except SecretsUnreadable:
        left = []
    spaced = [f"{code[:4]} {code[4:]}" for code in left]
    return render(request, "accounts/recovery_codes.html", {"codes": spaced})


def _added(request: HttpRequest, user: User) -> HttpResponse:
    _end_other_sessions(request, user)
    messages.success(request, _("The second factor is set up. Other devices have been signed out."))
    return redirect("accounts:recovery-codes")


def _end_other_sessions(request: HttpRequest, user: User) -> None:
    user.end_sessions()
    update_session_auth_hash(request, user)


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        return target
    return reverse("accounts:second-factor")


def _me(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotSignedIn()
    return User.objects.get(pk=request.user.pk)
