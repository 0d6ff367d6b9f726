from tests.layers.tiles.conftest import make_layer

__all__ = ["make_layer"]
