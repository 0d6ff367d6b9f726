"""The map engine: what is drawn, tiled, imported and exported, whatever it means."""
