"""Static files under hashed names, also for the imports inside ES modules, kept for ever by browsers."""

import re
from collections.abc import Callable, MutableMapping
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

# An escaped "#": a reference within an SVG that stands in the style sheet itself.
_WITHIN = "%23"


class ManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """WhiteNoise's storage that also rewrites ``import … from "./x.js"``."""

    support_js_module_import_aggregation = True
    # A module's name changes with those that it imports: one pass for each level of imports, and some to spare.
    max_post_process_passes = 16

    def url_converter(
        self, name: str, hashed_files: MutableMapping[str, str], template: str | None = None
    ) -> Callable[[re.Match[str]], str]:
        """Leave ``url(%23mask)`` alone: Django's would quote it, and break the picture around it."""
        convert: Callable[[re.Match[str]], str] = super().url_converter(
            name, hashed_files, template
        )

        def converter(match: re.Match[str]) -> str:
            groups: dict[str, Any] = match.groupdict()
            if str(groups.get("url", "")).startswith(_WITHIN):
                return str(groups["matched"])
            return convert(match)

        return converter
