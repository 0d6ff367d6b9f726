"""What a password may not lean on: the words that everybody in this office would try first."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LEFT_OVER = 8  # characters that must remain when every listed word is taken out


class LocalWordsValidator:
    """Refuses a password that is little more than words of settings.PASSWORD_WORDS, in either case."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError when fewer than LEFT_OVER characters stand beside the listed words."""
        words = sorted(settings.PASSWORD_WORDS, key=len, reverse=True)
        if not words:
            return
        pattern = "|".join(re.escape(word) for word in words)
        rest = re.sub(pattern, "", password, flags=re.IGNORECASE)
        if len(rest) < LEFT_OVER and rest != password:
            raise ValidationError(self.get_help_text(), code="password_local_word")

    def get_help_text(self) -> str:
        return str(_("The password leans on a word that everybody here would try first."))
