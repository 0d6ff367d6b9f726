"""Columns without an index of their own: each cost an import more than it ever gave.

A search looks inside ``search_text``, where no such index helps. ``programme`` is the first column of two other indexes.
Of states, steps and people there are few, so an index of them leads to half of the table. Of inspections most rows have
none, and those are left out of theirs. The indexes are dropped as they are: on SQLite Django would make each whole
table, and its geometries, anew.
"""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

COLUMNS = {
    "projects_site": ("search_text", "programme_id", "state_id"),
    "projects_transition": ("step_id", "to_state_id", "by_id", "inspection_id"),
}


def drop(apps: Any, editor: Any) -> None:
    for table, columns in COLUMNS.items():
        with editor.connection.cursor() as cursor:
            found = editor.connection.introspection.get_constraints(cursor, table)
        for name, one in found.items():
            is_plain = one["index"] and not one["unique"] and not one["primary_key"]
            if is_plain and one["columns"] in [[column] for column in columns]:
                editor.execute(f"DROP INDEX {editor.quote_name(name)}")


def create(apps: Any, editor: Any) -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            name = editor.quote_name(f"{table}_{column}")
            editor.execute(
                f"CREATE INDEX {name} ON {editor.quote_name(table)} ({editor.quote_name(column)})"
            )


def reference(to: str, **options: Any) -> Any:
    return models.ForeignKey(to, django.db.models.deletion.PROTECT, db_index=False, **options)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("projects", "0012_operation_loaded_by"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop, create)],
            state_operations=[
                migrations.AlterField(
                    "site",
                    "search_text",
                    models.CharField(default="", editable=False, max_length=400),
                ),
                migrations.AlterField(
                    "site",
                    "programme",
                    reference("projects.programme", related_name="sites", verbose_name="programme"),
                ),
                migrations.AlterField(
                    "site",
                    "state",
                    reference("projects.workflowstate", related_name="sites", verbose_name="state"),
                ),
                migrations.AlterField(
                    "transition",
                    "step",
                    reference("projects.workflowstep", null=True, related_name="transitions"),
                ),
                migrations.AlterField(
                    "transition",
                    "to_state",
                    reference("projects.workflowstate", related_name="+"),
                ),
                migrations.AlterField(
                    "transition", "by", reference(settings.AUTH_USER_MODEL, null=True)
                ),
                migrations.AlterField(
                    "transition",
                    "inspection",
                    reference("projects.inspection", null=True, related_name="transitions"),
                ),
            ],
        ),
        migrations.AddIndex(
            "transition",
            models.Index(
                fields=["inspection"],
                condition=models.Q(inspection__isnull=False),
                name="transition_inspection",
            ),
        ),
        migrations.AlterField(
            "importedrow",
            "job",
            models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="projects.importjob",
            ),
        ),
    ]
