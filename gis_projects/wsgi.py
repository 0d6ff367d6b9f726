"""The WSGI entry point: ``granian --interface wsgi gis_projects.wsgi:application``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_projects.settings")

application = get_wsgi_application()
