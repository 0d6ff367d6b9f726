"""``{% module "js/apps/public.js" %}``: an ES module, with its whole import graph announced beside it.

Without the announcement a browser learns of each module only from the one that imports it: a round trip for every
level. Specification: HTML Living Standard, link type "modulepreload".
"""

import posixpath
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
_IMPORT = re.compile(
    r"""^\s*(?:import|export)\b[^'"]*?\bfrom\s*['"](\.{1,2}/[^'"]+)['"]""", re.MULTILINE
)


@register.simple_tag
def module(name: str) -> SafeString:
    """The tags that load the module of that static name. Raises FileNotFoundError for an import that is not there."""
    preloads = _announced(graph(name)[1:])
    return format_html('{}\n<script type="module" src="{}"></script>', preloads, static(name))


@register.simple_tag
def later_module(name: str, page: str) -> SafeString:
    """Announces what the page's module will import only when it runs, without what is announced for the page."""
    return _announced(one for one in graph(name) if one not in graph(page))


def _announced(names: Iterable[str]) -> SafeString:
    return format_html_join(
        "\n", '<link rel="modulepreload" href="{}">', ((static(one),) for one in names)
    )


@lru_cache(maxsize=32)
def graph(name: str) -> tuple[str, ...]:
    """The module and everything that it imports, breadth first, each once."""
    found = [name]
    for current in found:
        path = finders.find(current)
        if not path:
            raise FileNotFoundError(f"no static file {current}")
        source = Path(path).read_text(encoding="utf-8")
        folder = posixpath.dirname(current)
        for relative in _IMPORT.findall(source):
            target = posixpath.normpath(posixpath.join(folder, relative))
            if target not in found:
                found.append(target)
    return tuple(found)
