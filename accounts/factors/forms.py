"""The few fields of these pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.factors.passkeys import NAME_MAX

_CODE = {"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"}


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("One-time code"),
        max_length=32,
        widget=forms.TextInput({**_CODE, "autofocus": True}),
    )


class AppCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code from the app"),
        max_length=32,
        widget=forms.TextInput({**_CODE, "inputmode": "numeric"}),
    )


class PasswordAgainForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
    )


class PasskeyForm(forms.Form):
    name = forms.CharField(label=_("Name of this passkey"), max_length=NAME_MAX)
