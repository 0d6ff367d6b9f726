"""The one place where a name and a password become a user, whichever door they came through."""

from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts import demonstration, lockout
from accounts.factors import store
from accounts.models import User


class GuardedBackend(ModelBackend):
    """Django's own check behind the lock; a form, a command or an API that authenticates comes through here.

    Raises AccountLocked (429) without looking at the password while the account is locked. The hasher runs for
    unknown and disabled names too, so that the time an answer takes tells nothing.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if username is None or password is None or "\x00" in username:
            return None
        lockout.guard(username)
        user = super().authenticate(request, username=username, password=password)
        if not isinstance(user, User) or demonstration.is_refused(password):
            lockout.failed(username)
            return None
        # With a second factor only the whole sign-in forgets: else a right password would give new guesses of it.
        if not store.has(user):
            lockout.reset(username)
        return user

    async def aauthenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        return await sync_to_async(self.authenticate)(request, username, password, **kwargs)
