"""What the commands that read a file can be told about it: the same words in each."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from gis_projects.geo.gcj02 import OFFSETS
from layers.importing.handling import HEIGHTS, PLAIN, REPAIR_SHARE, Handling


def add_reading_flags(parser: ArgumentParser) -> None:
    """Encoding, CRS and layer; and how coordinates are to be taken."""
    parser.add_argument("--encoding", help="of the attribute table; detected when left out")
    parser.add_argument("--crs", help="such as EPSG:4529; read from the file when left out")
    parser.add_argument("--layer", help="when the file has several")
    parser.add_argument(
        "--swap-axes", action="store_true", help="the file gives y before x, northing first"
    )
    parser.add_argument(
        "--accept-datum-error",
        action="store_true",
        help="take Xian 80 and Beijing 54, though places lie about 90 m off; this is recorded",
    )
    parser.add_argument(
        "--offset", choices=OFFSETS, help="the coordinates of a Chinese web map, shifted back"
    )
    parser.add_argument(
        "--repair-share",
        type=float,
        default=REPAIR_SHARE,
        help="repair invalid geometries whose size changes by at most this share",
    )
    parser.add_argument(
        "--heights", choices=HEIGHTS, default=PLAIN.heights, help="keep them beside the place"
    )


def handling_of(options: Mapping[str, Any]) -> Handling:
    """From the values that a command was given."""
    return Handling(
        swap=options["swap_axes"],
        accept_datum=options["accept_datum_error"],
        offset=options["offset"],
        repair_share=options["repair_share"],
        heights=options["heights"],
    )
