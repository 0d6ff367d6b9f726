"""What is wrong in a city folder, collected so that a reader of the list can mend all of it at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Mistake:
    """line: 1-based. field: a path such as ``programmes[greening].symbol``. sentence: in the user's language."""

    file: str
    line: int
    field: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.sentence}"


class FolderRefused(Exception):
    """The folder, or what it would do to the database, has mistakes; nothing was stored."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = sorted(set(mistakes))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


@dataclass
class Mistakes:
    """The mistakes of a whole folder while it is being read."""

    found: list[Mistake] = field(default_factory=list)

    def add(self, file: str, line: int, field: str, sentence: str) -> None:
        self.found.append(Mistake(file, line, field, sentence))

    def refuse_if_any(self) -> None:
        """Raises FolderRefused when there is at least one."""
        if self.found:
            raise FolderRefused(self.found)
