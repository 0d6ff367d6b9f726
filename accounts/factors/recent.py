"""Whoever changes factors gives the password again: an open tablet or a stolen session must not be enough."""

import time

from django.http import HttpRequest

LIMIT_S = 600
KEY = "password_confirmed"


def confirm(request: HttpRequest) -> None:
    request.session[KEY] = int(time.time())


def is_confirmed(request: HttpRequest) -> bool:
    return time.time() - int(request.session.get(KEY, 0)) < LIMIT_S
