"""Run inside the site's settings: makes a layer of N features (``bench``) and its tiles, and says where they are."""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import django

django.setup()

import orjson  # noqa: E402
from django.db import transaction  # noqa: E402

from benchmarks.tiles import data  # noqa: E402
from layers import bulk  # noqa: E402
from layers.models import Feature, Layer  # noqa: E402
from layers.tiles import tables  # noqa: E402


def main(count: int, key: str = "bench") -> None:
    with transaction.atomic():
        layer = Layer.objects.create(key=key, name=key, published=True)
        for geometries, attributes in data.chunks(count):
            bulk.insert(
                Feature,
                {
                    "layer": bulk.Same(layer.pk),
                    "name": bulk.Same(""),
                    "name_en": bulk.Same(""),
                    "geom": bulk.geometries(geometries),
                    "properties": [orjson.dumps(one).decode() for one in attributes],
                },
            )
    began = time.perf_counter()
    table = tables.make(layer.pk)
    assert table is not None
    print(layer.pk, table.token, round(time.perf_counter() - began, 1))


if __name__ == "__main__":  # processes that draw tiles import this file again
    main(int(sys.argv[1]), *sys.argv[2:])
