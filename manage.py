#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys

# They open files in quarantine, whose process takes as long to start as Django does: side by side with it.
_READING = {"import_layer", "import_scene", "import_sites"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_projects.settings")
    if _READING & set(sys.argv[1:2]):
        from layers.quarantine.client import CLIENT

        CLIENT.warm()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
