"""Archives of sources: a source's tiles at one revision as one PMTiles file below VAR_DIR, made by a worker.

``making`` draws them, ``shelf`` knows where they are and how far one is, ``views`` serves them by ranges of bytes.
"""
