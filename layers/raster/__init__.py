"""Pictures on the map: cloud-optimised GeoTIFFs, read by window and answered as tiles."""
