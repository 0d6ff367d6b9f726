"""Draws an archive: a reference layer's from its rows, by processes; another source's by asking for tile after tile."""

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser

from gis_projects.geo.bbox import BBox
from layers.archives.asking import asked_tiles
from layers.archives.shelf import Archive, Progress, Shelf
from layers.models import Layer
from layers.pmtiles.archive import ArchiveWriter, Description
from layers.pmtiles.build import Drawing, build
from layers.sources import get_source, is_registered, registered_keys
from layers.styles.making import default_style
from layers.styles.used import columns_used
from layers.tiles import thinning
from layers.tiles.columns import Survey
from layers.tiles.layer_tiles import LayerTiles, visible_layers
from layers.tiles.ready import Sheet, processes
from layers.tiles.rows import read
from layers.tiles.tile_set import TileSet
from layers.tiles.views import address_revision

# Beyond the last, clients draw the last ones larger.
ZOOMS = range(15)
# What changes while it is read is read again, but not for ever.
TRIES = 3
Tell = Callable[[float], None]


class SourceMoves(Exception):
    """Another revision came each time while its archive was being made."""


class NothingThere(Exception):
    """The source has no feature with a place."""


def make(key: str) -> Archive:
    """The archive of a source at its present revision, made when it is not there.

    Of a registered source what everybody sees; of a layer all that it shows, whoever may see the layer. Raises NotFound
    for an unknown key, SourceMoves and NothingThere.
    """

    def draw(shelf: Shelf) -> str:
        tiles = tile_set(key)
        revision = address_revision(tiles)
        if shelf.archive(revision) is None:
            _draw(key, tiles, shelf, revision)
        return revision

    return _of_one_state(Shelf(key), draw, lambda: address_revision(tile_set(key)))


def make_published() -> Archive:
    """The archive of all that everybody sees, made when it is not there. Raises SourceMoves and NothingThere."""

    def draw(shelf: Shelf) -> str:
        found = published()
        if shelf.archive(found.revision) is None:
            shelf.tell(Progress(found.revision, "drawing"), now=True)
            write_published(
                shelf.path(found.revision),
                found,
                lambda share: shelf.tell(Progress(found.revision, "drawing", share)),
            )
        return found.revision

    return _of_one_state(Shelf(None), draw, lambda: published().revision)


def _of_one_state(
    shelf: Shelf, draw: Callable[[Shelf], str], revision_now: Callable[[], str]
) -> Archive:
    for _try in range(TRIES):
        revision = draw(shelf)
        found = shelf.archive(revision)
        if found is not None and revision_now() == revision:
            shelf.keep_only(revision)
            return found
        shelf.path(revision).unlink(missing_ok=True)
    raise SourceMoves


def tile_set(key: str) -> TileSet:
    """Raises NotFound for an unknown key."""
    everybody = AnonymousUser()
    if is_registered(key):
        return get_source(everybody, key).tile_set(everybody)
    layer = Layer.objects.filter(key=key).first()
    if layer is None:
        return get_source(everybody, key).tile_set(everybody)  # says that there is none
    return LayerTiles(layer, everybody)


def _draw(key: str, tiles: TileSet, shelf: Shelf, revision: str) -> None:
    bbox = tiles.bbox()
    if bbox is None:
        raise NothingThere
    shelf.tell(Progress(revision, "drawing"), now=True)
    description = Description(bbox, ZOOMS, _metadata(tiles))

    def tell(share: float) -> None:
        shelf.tell(Progress(revision, "drawing", share))

    path = shelf.path(revision)
    if is_registered(key):
        with ArchiveWriter(path) as writer:
            for tile_id, content in asked_tiles([tiles], ZOOMS, tell):
                writer.add(tile_id, content)
            writer.finish(description)
        return
    layer = Layer.objects.get(key=key)
    with tempfile.TemporaryDirectory(dir=shelf.folder) as folder:
        drawing = _drawing(layer, Path(folder), tell)
        workers = processes(len(drawing.minzooms))
        build(path, drawing, description, processes=workers, progress=lambda s: tell(0.2 + 0.8 * s))


def _metadata(tiles: TileSet) -> dict[str, Any]:
    """Source: PMTiles 3, section 5, and TileJSON 3.0.0, section 3.3."""
    info = tiles.info
    layers = [
        {
            "id": one.id,
            "fields": dict(one.fields),
            "minzoom": one.minzoom,
            "maxzoom": min(one.maxzoom, ZOOMS[-1]),
        }
        for one in tiles.vector_layers()
    ]
    return {
        "name": info.name,
        "attribution": info.attribution,
        "version": info.revision,
        "type": "overlay",
        "vector_layers": layers,
    }


def _drawing(layer: Layer, folder: Path, tell: Tell) -> Drawing:
    survey = Survey()
    for chunk in read(layer.pk):
        survey.add(chunk.properties)
    tell(0.1)
    columns = survey.columns(columns_used(layer.style or default_style()))
    sheet = Sheet(folder, layer.key, columns)
    for chunk in read(layer.pk):
        sheet.add(chunk, [[c.value(row.get(c.name)) for row in chunk.properties] for c in columns])
    index, extents = sheet.finish()
    tell(0.2)
    return sheet.drawing(index, extents, thinning.minzooms(extents, ZOOMS[-1]))


@dataclass(frozen=True)
class Published:
    """All sources as everybody sees them. revision: another one when any of them has another."""

    sources: list[TileSet]

    @property
    def revision(self) -> str:
        named = "/".join(f"{one.info.key}:{address_revision(one)}" for one in self.sources)
        return hashlib.sha256(named.encode()).hexdigest()[:16]


def published() -> Published:
    everybody = AnonymousUser()
    keys = [*registered_keys(), *visible_layers(everybody).values_list("key", flat=True)]
    return Published(
        [get_source(everybody, key).tile_set(everybody) for key in dict.fromkeys(keys)]
    )


def write_published(path: Path, found: Published, tell: Tell = lambda share: None) -> int:
    """Each source with its own layers in the tiles, as one file; its size in bytes. Raises NothingThere.

    What changes meanwhile may be in it or not.
    """
    boxes = {tiles.info.key: tiles.bbox() for tiles in found.sources}
    filled = [tiles for tiles in found.sources if boxes[tiles.info.key] is not None]
    if not filled:
        raise NothingThere
    bbox = BBox.around(box for box in boxes.values() if box is not None)
    parts = [_metadata(tiles) for tiles in filled]
    metadata = {
        "name": " · ".join(str(part["name"]) for part in parts),
        "attribution": " · ".join(
            dict.fromkeys(str(p["attribution"]) for p in parts if p["attribution"])
        ),
        "version": "+".join(str(part["version"]) for part in parts),
        "type": "overlay",
        "vector_layers": [layer for part in parts for layer in part["vector_layers"]],
    }
    with ArchiveWriter(path) as writer:
        for tile_id, content in asked_tiles(filled, ZOOMS, tell):
            writer.add(tile_id, content)
        return writer.finish(Description(bbox, ZOOMS, metadata))
