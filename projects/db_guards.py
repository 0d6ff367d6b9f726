"""What the databases themselves refuse: a site in a state of another workflow, or moved along no step.

Triggers, put in place after every migrate (SQLite drops them whenever Django rebuilds the table). Two dialects
of the same sentence; tests/projects/test_db_guards.py writes around the code and is refused by both.
"""

from typing import Any

from django.db import connections

_OWN_STATE = """NOT EXISTS (
    SELECT 1 FROM projects_workflowstate s JOIN projects_programme p ON p.workflow_id = s.workflow_id
    WHERE s.id = NEW.state_id AND p.id = NEW.programme_id)"""
_HAS_STEP = """NOT EXISTS (
    SELECT 1 FROM projects_workflowstep t WHERE t.source_id = OLD.state_id AND t.target_id = NEW.state_id)"""

SQLITE = [
    "DROP TRIGGER IF EXISTS site_state_insert",
    f"""CREATE TRIGGER site_state_insert BEFORE INSERT ON projects_site WHEN {_OWN_STATE}
        BEGIN SELECT RAISE(ABORT, 'site_state_of_other_workflow'); END""",
    "DROP TRIGGER IF EXISTS site_state_update",
    f"""CREATE TRIGGER site_state_update BEFORE UPDATE OF state_id ON projects_site
        WHEN NEW.state_id <> OLD.state_id AND {_HAS_STEP}
        BEGIN SELECT RAISE(ABORT, 'site_state_without_step'); END""",
]

# What is new is looked at once for each statement: an import writes thousands of rows by one.
POSTGRES = [
    """CREATE OR REPLACE FUNCTION site_state_insert() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT 1 FROM (SELECT DISTINCT state_id, programme_id FROM added) n WHERE NOT EXISTS (
                    SELECT 1 FROM projects_workflowstate s
                    JOIN projects_programme p ON p.workflow_id = s.workflow_id
                    WHERE s.id = n.state_id AND p.id = n.programme_id)
            ) THEN
                RAISE EXCEPTION 'site_state_of_other_workflow' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$""",
    f"""CREATE OR REPLACE FUNCTION site_state_guard() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {_HAS_STEP} THEN
                RAISE EXCEPTION 'site_state_without_step' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$""",
    "DROP TRIGGER IF EXISTS site_state_insert ON projects_site",
    """CREATE TRIGGER site_state_insert AFTER INSERT ON projects_site REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION site_state_insert()""",
    "DROP TRIGGER IF EXISTS site_state_guard ON projects_site",
    """CREATE TRIGGER site_state_guard BEFORE UPDATE OF state_id ON projects_site
        FOR EACH ROW WHEN (NEW.state_id <> OLD.state_id) EXECUTE FUNCTION site_state_guard()""",
]


def install(using: str = "default", **_kwargs: Any) -> None:
    """Put the triggers in place; safe to run again."""
    connection = connections[using]
    if "projects_site" not in connection.introspection.table_names():
        return
    statements = POSTGRES if connection.vendor == "postgresql" else SQLITE
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
