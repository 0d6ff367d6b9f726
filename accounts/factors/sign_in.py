"""The second step of signing in, and signing in by passkey alone; both end in ``complete`` and nowhere else."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit, demonstration, lockout
from accounts.audit import Action, Event
from accounts.factors import codes, passkeys, pending, store
from accounts.factors.adapter import SecretsUnreadable
from accounts.factors.forms import CodeForm
from accounts.models import User
from gis_projects.http import ratelimit

BACKEND = "accounts.backends.GuardedBackend"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    """After the right password: a code or a passkey. Wrong ones count for the account's lock. Raises AccountLocked."""
    user = pending.holder(request)
    if user is None:
        messages.error(request, _("This sign-in is over. Please begin again."))
        return redirect("accounts:login")
    form = CodeForm(request.POST or None)
    if request.method == "POST":
        ratelimit.spend(request, "login")
        lockout.guard(user.username)
        row = _checked(request, user, form)
        if row is not None:
            return complete(request, user, row, pending.finish(request))
    kinds = {factor.kind for factor in store.listed(user)}
    words = {"form": form, "kinds": kinds, "obstacle": passkeys.obstacle(request)}
    return render(request, "accounts/second_step.html", words)


@require_POST
@never_cache
def challenge(request: HttpRequest) -> HttpResponse:
    """What a passkey is asked to sign: for the sign-in that is half done, else for whoever has one."""
    ratelimit.spend(request, "login")
    user = pending.holder(request)
    options = passkeys.begin_asking(user)
    if user is None and not request.user.is_authenticated:
        request.session.set_expiry(passkeys.CHALLENGE_S)
    return JsonResponse(options)


@require_POST
@never_cache
def by_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey is two factors in one: the device, and the finger or the PIN that opens it. Raises AccountLocked."""
    ratelimit.spend(request, "login")
    target = _safe(request, request.POST.get("next", ""))
    try:
        row = passkeys.check(None, request.POST.get("credential", ""))
        user = User.objects.filter(pk=row.user_id, is_active=True).first()
        if user is None or demonstration.is_open(user):
            raise passkeys.Refused()
    except passkeys.Refused:
        messages.error(request, _("This passkey was not accepted."))
        query = f"?{urlencode({'next': target})}" if target else ""
        return redirect(reverse("accounts:login") + query)
    # After the signature, so that only its owner learns of the lock; a signature cannot be guessed.
    lockout.guard(user.username)
    return complete(request, user, row, target)


def complete(request: HttpRequest, user: User, row: Authenticator, target: str) -> HttpResponse:
    """Everything was right: forget the failures, open the session, say which factor it was."""
    lockout.reset(user.username)
    request.second_factor = row.type  # type: ignore[attr-defined]
    login(request, user, backend=BACKEND)
    if row.type == store.RECOVERY:
        _tell_what_is_left(request, user)
    if user.must_change_password:
        return redirect("accounts:password")
    return redirect(target or resolve_url(settings.LOGIN_REDIRECT_URL))


def _checked(request: HttpRequest, user: User, form: CodeForm) -> Authenticator | None:
    try:
        if "credential" in request.POST:
            return passkeys.check(user, request.POST["credential"])
        if not form.is_valid():
            return None
        row = codes.check(user, form.cleaned_data["code"])
    except passkeys.Refused:
        row = None
        form.add_error(None, _("This passkey was not accepted."))
    except SecretsUnreadable:
        form.add_error(
            None,
            _(
                "The site's secret key was changed, so codes cannot be checked any more. Use a passkey, or ask an"
                " administrator to remove your second factor."
            ),
        )
        return None
    if row is None:
        _count(user)
        if "credential" not in request.POST:
            form.add_error("code", _("This code is wrong, too old, or was used already."))
    return row


def _count(user: User) -> None:
    lockout.failed(user.username)
    changes = {"second_factor": (None, "wrong")}
    audit.record(Event(Action.LOGIN_FAILED, "user", str(user.pk), user.username, changes))


def _tell_what_is_left(request: HttpRequest, user: User) -> None:
    kept = store.recovery(user)
    left = 0 if kept is None else len(kept.get_unused_codes())
    messages.warning(
        request,
        ngettext(
            "You used a recovery code; %(count)d is left.",
            "You used a recovery code; %(count)d are left.",
            left,
        )
        % {"count": left},
    )


def _safe(request: HttpRequest, target: str) -> str:
    hosts = {request.get_host()}
    return target if url_has_allowed_host_and_scheme(target, hosts, request.is_secure()) else ""
