"""The public's face: the map, and a page for each site."""
