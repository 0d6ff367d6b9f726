"""Static files under hashed names, also for the imports inside ES modules, kept for ever by browsers."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """WhiteNoise's storage that also rewrites ``import … from "./x.js"``."""

    support_js_module_import_aggregation = True
