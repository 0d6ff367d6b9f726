"""What can be wrong with a scene, its file or what is asked of it; each message is one sentence for the log."""


class SceneUnreadable(Exception):
    """The file is damaged, missing, or no GeoTIFF."""


class SceneNotGeoreferenced(Exception):
    """The picture does not say where on Earth it lies."""


class BandMissing(Exception):
    """The scene has no such band. number: the one asked for; count: how many there are."""

    def __init__(self, number: int, count: int) -> None:
        super().__init__(f"band {number} of {count}")
        self.number, self.count = number, count


class RoleMissing(Exception):
    """Nobody said which band of the scene is the one an index needs."""

    def __init__(self, role: str) -> None:
        super().__init__(f"no band is {role}")
        self.role = role


class NoOverlap(Exception):
    """The scenes, or the scene and the geometry, have no pixel with data in common."""
