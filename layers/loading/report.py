"""What an import into a layer is asked to do, and what it says that it did or would do."""

from dataclasses import dataclass, field
from typing import Literal

from gis_projects.geo.bbox import BBox
from layers.importing.handling import PLAIN, Handling
from layers.importing.problems import Problem
from layers.importing.staging import Place
from layers.models import Batch

Mode = Literal["new", "replace", "append"]
WORLD = BBox(-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True)
class LayerOptions:
    """key: of the layer, which ``new`` makes and the other modes find. name: of a new layer; its key when left out.

    bbox: EPSG:4326, where the data are expected; an unstated CRS is guessed from it. place: what of a geometry must
    lie there. handling: what else a person says of the coordinates. keep_empty: rows without geometry are kept as
    rows of a table; else they are refused. encoding, crs and name_column are found when None. publish: a new layer is
    public at once; one that is there stays as it is.
    """

    key: str
    name: str = ""
    mode: Mode = "new"
    bbox: BBox = WORLD
    place: Place = "touching"
    keep_empty: bool = True
    encoding: str | None = None
    crs: str | int | None = None
    handling: Handling = PLAIN
    layer: str | None = None
    name_column: str | None = None
    publish: bool = False


@dataclass
class LayerReport:
    """What an import did, or would do. count: features, those without geometry (``without_place``) among them.

    samples: column → its value in the first feature. batch: what an undo takes back; None when nothing was stored.
    """

    file: str = ""
    encoding: str = ""
    crs: str = ""
    columns: list[str] = field(default_factory=list)
    samples: dict[str, str] = field(default_factory=dict)
    count: int = 0
    without_place: int = 0
    problems: list[Problem] = field(default_factory=list)
    batch: Batch | None = None

    @property
    def stored(self) -> bool:
        return self.batch is not None

    @property
    def refused(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.is_error]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.is_error]
