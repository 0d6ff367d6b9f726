"""Styles of QGIS and others, from OGC Styled Layer Descriptors: read in quarantine, checked again outside."""
