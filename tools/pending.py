"""Say what the database still lacks, as words on one line: migrations, city, sites.

./run asks this instead of trusting its own stamps, since a database may have been emptied behind them.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_projects.settings")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from projects.models import City, Site  # noqa: E402


def pending() -> list[str]:
    """The words, in the order in which they are to be done."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return ["migrations", *_empty_tables()]
    return _empty_tables()


def _empty_tables() -> list[str]:
    tables = set(connection.introspection.table_names())
    named = (("city", City), ("sites", Site))
    return [
        word
        for word, model in named
        if model._meta.db_table not in tables or not model._default_manager.exists()
    ]


print(*pending())
