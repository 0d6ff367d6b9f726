"""The WSGI entry point: ``granian --interface wsgi gis_projects.wsgi:application``."""

import io
import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_projects.settings")
# A request waits for a lock on PostgreSQL no longer than on SQLite (gis_projects.env). The worker, which is no part of
# this, may: nobody is waiting for its answer.
os.environ.setdefault("PGOPTIONS", "-c lock_timeout=30s")

application = get_wsgi_application()

# Raises SystemCheckError, whose words say what to do: better no site than one with published passwords.
call_command("check", "--tag", "demonstration", "--deploy", stdout=io.StringIO())
connections.close_all()
