"""These rooms need no database; Django is here only for the words of a sentence."""

from django.conf import settings

if not settings.configured:
    settings.configure(USE_I18N=False)
