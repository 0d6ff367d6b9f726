"""How a layer is drawn: one JSON document for the map, the legend and paper (docs/styles.md)."""
