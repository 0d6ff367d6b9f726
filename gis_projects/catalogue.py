"""The words of a page's scripts: of the whole catalogue those that its modules say, since the page waits for them."""

import posixpath
import re
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.views.i18n import JavaScriptCatalog

from gis_projects.http.problems import NotFound
from gis_projects.templatetags.modules import graph

# What a module imports when it runs; a type in a comment goes on with a point.
_LATER = re.compile(r"""\bimport\(['"](\.{1,2}/[^'"]+)['"]\)(?!\.)""")


class PageCatalogue(JavaScriptCatalog):
    """For what static/js/apps/<page>.js imports, at once or later. Raises NotFound for a page that is none."""

    def get_catalog(self) -> dict[str, list[str] | str]:
        source = source_of(f"js/apps/{self.kwargs['page']}.js")
        return {words: given for words, given in super().get_catalog().items() if words in source}


@lru_cache(maxsize=16)
def source_of(name: str) -> str:
    """The text of a module and of all that it may come to import; quotation marks as they are said."""
    if not finders.find(name):
        raise NotFound()
    names, sources = list(graph(name)), []
    for current in names:
        source = Path(str(finders.find(current))).read_text(encoding="utf-8")
        sources.append(source)
        for relative in _LATER.findall(source):
            later = posixpath.normpath(posixpath.join(posixpath.dirname(current), relative))
            names += [one for one in graph(later) if one not in names]
    return "\n".join(sources).replace("\\'", "'")
