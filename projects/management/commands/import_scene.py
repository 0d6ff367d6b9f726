"""manage.py import_scene FILE… : a GeoTIFF, or a JPEG or PNG with its world file, also in a zip, becomes a scene."""

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from gis_projects.http.problems import Problem
from layers.importing.archive import Part
from layers.importing.problems import ImportRefused
from layers.raster.problems import SceneRefused
from projects.models import Site
from projects.scenes.bringing import NewScene, bring_in
from projects.scenes.record import ROLES, Place


class Command(BaseCommand):
    help = "Bring a GeoTIFF, or a JPEG or PNG with its world file, in as a scene."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files",
            nargs="+",
            type=Path,
            help="the picture, its world file, its .prj; or a zip of them",
        )
        parser.add_argument("--name", help="the file's name when left out")
        parser.add_argument(
            "--acquired-on", required=True, type=dt.date.fromisoformat, metavar="DATE"
        )
        parser.add_argument("--sensor", default="")
        parser.add_argument(
            "--crs", default="", help="such as EPSG:4529; read from the file when left out"
        )
        parser.add_argument("--programme", help="the key of the site's programme")
        parser.add_argument("--code", help="of the site that the picture shows")
        parser.add_argument("--role", choices=ROLES, help="what it shows of the site")
        parser.add_argument(
            "--replace", action="store_true", help="remove the scene that has this role"
        )
        parser.add_argument("--publish", action="store_true", help="the public may see it")
        parser.add_argument(
            "--lossless", action="store_true", help="keep every value of a colour picture"
        )
        parser.add_argument(
            "--accept-shift",
            action="store_true",
            help="take a picture in Xian 80 or Beijing 54, though it will lie about 90 m off",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        missing = [path for path in files if not path.is_file()]
        if missing:
            raise CommandError(_("There is no file %(path)s.") % {"path": missing[0]})
        new = NewScene(
            name=options["name"] or files[0].stem,
            acquired_on=options["acquired_on"],
            sensor=options["sensor"],
            crs=options["crs"],
            place=_place(options),
            published=options["publish"],
            lossless=options["lossless"],
            accepts_shift=options["accept_shift"],
        )
        try:
            brought = bring_in([Part(path.name, path) for path in files], new, by=None)
        except SceneRefused as refused:
            raise CommandError(refused.note.sentence()) from refused
        except ImportRefused as refused:
            raise CommandError("\n".join(one.sentence() for one in refused.problems)) from refused
        except Problem as problem:
            raise CommandError(str(problem.detail or problem.title)) from problem
        for note in brought.notes:
            self.stdout.write(note.sentence())
        scene = brought.scene
        self.stdout.write(f"{scene.pk}: {scene.width_px} × {scene.height_px}, {scene.source_crs}")


def _place(options: dict[str, Any]) -> Place | None:
    given = [options[name] for name in ("programme", "code", "role")]
    if not any(given):
        return None
    if not all(given):
        raise CommandError(_("Give --programme, --code and --role together."))
    site = Site.objects.filter(programme__key=options["programme"], code=options["code"]).first()
    if site is None:
        raise CommandError(
            _("There is no site “%(code)s” in this programme.") % {"code": options["code"]}
        )
    return Place(site, options["role"], options["replace"])
