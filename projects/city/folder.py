"""A whole city folder: all files are read before anything is said, so that all mistakes are said at once."""

from pathlib import Path

from django.utils.translation import gettext as _

from projects.city.mistakes import FolderRefused, Mistake, Mistakes
from projects.city.read_city import read_city, read_districts, read_layers
from projects.city.read_programmes import read_programmes
from projects.city.read_report import ReportReader
from projects.city.read_workflows import read_workflows
from projects.city.record import Record, top_record
from projects.city.specs import CityFolder, ProgrammeSpec, ReportSpec, WorkflowSpec
from projects.city.yaml_nodes import Node, read_yaml


def read_folder(folder: Path) -> CityFolder:
    """Everything that the folder says. Raises FolderRefused, with each mistake in it."""
    if not folder.is_dir():
        raise FolderRefused([Mistake(str(folder), 1, "folder", _("There is no such folder."))])
    return _FolderReader(folder).read()


class _FolderReader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mistakes = Mistakes()

    def read(self) -> CityFolder:
        workflows = self._workflows()
        programmes = self._programmes(workflows)
        top = self._open("city.yaml") or _unread("city.yaml")
        city = read_city(top)
        bbox = None if city is None else city.bbox
        districts = read_districts(self.folder, top, bbox)
        layers = read_layers(self.folder, top, bbox)
        reports = self._reports(top, programmes, workflows)
        top.close()
        self.mistakes.refuse_if_any()
        assert city is not None  # without a city there are mistakes
        return CityFolder(
            city=city,
            districts=tuple(districts),
            layers=tuple(layers),
            workflows=tuple((workflows or {}).values()),
            programmes=tuple((programmes or {}).values()),
            reports=tuple(reports),
        )

    def _open(self, name: str) -> Record | None:
        node = read_yaml(self.folder, name, self.mistakes)
        return None if node is None else top_record(name, node, self.mistakes)

    def _workflows(self) -> dict[str, WorkflowSpec] | None:
        top = self._open("workflows.yaml")
        return None if top is None else {found.key: found for found in read_workflows(top)}

    def _programmes(
        self, workflows: dict[str, WorkflowSpec] | None
    ) -> dict[str, ProgrammeSpec] | None:
        top = self._open("programmes.yaml")
        if top is None:
            return None
        return {found.key: found for found in read_programmes(top, workflows)}

    def _reports(
        self,
        top: Record,
        programmes: dict[str, ProgrammeSpec] | None,
        workflows: dict[str, WorkflowSpec] | None,
    ) -> list[ReportSpec]:
        reader = ReportReader(programmes, workflows)
        opened = [self._open(name) for name in top.texts("reports")]
        return [reader.read(record) for record in opened if record is not None]


def _unread(name: str) -> Record:
    """Stands for a file that could not be read: one mistake says so, the missing values are not worth more."""
    return Record(name, Node(1, {}), Mistakes())
