"""XML that reaches out or swells: KML, KMZ, GPX, GML and the inside of a spreadsheet."""

import io
import zipfile
from collections.abc import Callable

from tests.hostile.case import Bait, Case, Cases, content

Text = Callable[[Bait], str]
PLACEMARK = (
    "<Placemark><name>{}</name><Point><coordinates>123.6,47.1</coordinates></Point></Placemark>"
)
BODIES = {
    ".kml": "<kml xmlns='http://www.opengis.net/kml/2.2'><Document>{}</Document></kml>",
    ".gpx": "<gpx xmlns='http://www.topografix.com/GPX/1/1' version='1.1' creator='x'>{}</gpx>",
    ".gml": "<ogr:FeatureCollection xmlns:ogr='http://ogr.maptools.org/'>{}</ogr:FeatureCollection>",
}
INNER = {
    ".kml": PLACEMARK,
    ".gpx": "<wpt lat='47.1' lon='123.6'><name>{}</name></wpt>",
    ".gml": "<ogr:featureMember><ogr:a><ogr:name>{}</ogr:name></ogr:a></ogr:featureMember>",
}


def _entity_of_file(bait: Bait) -> str:
    return f"<!DOCTYPE x [<!ENTITY e SYSTEM 'file://{bait.file}'>]>"


def _entity_of_url(bait: Bait) -> str:
    return f"<!DOCTYPE x [<!ENTITY e SYSTEM '{bait.url}/e'>]>"


def _parameter_entity(bait: Bait) -> str:
    return f"<!DOCTYPE x [<!ENTITY % p SYSTEM '{bait.url}/p'>%p;<!ENTITY e 'x'>]>"


def _external_subset(bait: Bait) -> str:
    return f"<!DOCTYPE x SYSTEM '{bait.url}/x.dtd' [<!ENTITY e 'x'>]>"


def _laughs(_bait: Bait) -> str:
    levels = [f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10)]
    return f"<!DOCTYPE x [<!ENTITY l0 'lol'>{''.join(levels)}<!ENTITY e '&l9;'>]>"


def _quadratic(_bait: Bait) -> str:
    return f"<!DOCTYPE x [<!ENTITY a '{'A' * 100_000}'><!ENTITY e '{'&a;' * 2_000}'>]>"


DOCTYPES: dict[str, Text] = {
    "entity of a file": _entity_of_file,
    "entity of a url": _entity_of_url,
    "parameter entity": _parameter_entity,
    "external subset": _external_subset,
    "billion laughs": _laughs,
    "quadratic blow-up": _quadratic,
}


def cases() -> Cases:
    """Each trick in each dialect, and links that KML has of its own."""
    for trick, doctype in DOCTYPES.items():
        for suffix in BODIES:
            yield Case(f"{trick} in {suffix}", content(f"a{suffix}", _document(suffix, doctype)))
        kml = _document(".kml", doctype)
        yield Case(f"{trick} in .kmz", content("a.kmz", _kmz(kml)))
        yield Case(f"{trick} in .xlsx", content("a.xlsx", _xlsx(doctype)))
        utf16 = _in_utf16(kml)
        yield Case(f"{trick} in a .kml of UTF-16", content("a.kml", utf16))
    for name, element in LINKS.items():
        yield Case(f"kml with nothing but a {name}", content("a.kml", _kml(element)))
        with_place = _kml(element, PLACEMARK.format("x"))
        yield Case(f"kml with a place and a {name}", content("a.kml", with_place), fate="inert")


LINKS = {
    "network link": "<NetworkLink><Link><href>{url}/a.kml</href></Link></NetworkLink>",
    "network link to a file": "<NetworkLink><Link><href>file://{file}</href></Link></NetworkLink>",
    "ground overlay": "<GroundOverlay><Icon><href>{url}/a.png</href></Icon></GroundOverlay>",
    "style elsewhere": "<Style><IconStyle><Icon><href>{url}/i.png</href></Icon></IconStyle></Style>",
}


def _document(suffix: str, doctype: Text) -> Text:
    inner = INNER[suffix].format("&e;")
    body = BODIES[suffix].format(inner)
    return lambda bait: f"<?xml version='1.0'?>{doctype(bait)}{body}"


def _kml(element: str, *more: str) -> Text:
    def text(bait: Bait) -> str:
        inside = element.format(url=bait.url, file=bait.file) + "".join(more)
        return "<?xml version='1.0'?>" + BODIES[".kml"].format(inside)

    return text


def _in_utf16(text: Text) -> Callable[[Bait], bytes]:
    """Whoever looks for "<!DOCTYPE" in bytes does not see this one."""
    return lambda bait: (
        text(bait).replace("version='1.0'", "version='1.0' encoding='utf-16'").encode("utf-16")
    )


def _kmz(text: Text) -> Callable[[Bait], bytes]:
    def data(bait: Bait) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("doc.kml", text(bait))
        return out.getvalue()

    return data


def _xlsx(doctype: Text) -> Callable[[Bait], bytes]:
    """A spreadsheet whose sheet, strings and workbook all begin with the declaration."""

    def data(bait: Bait) -> bytes:
        from openpyxl import Workbook

        book = Workbook()
        book.active.append(["code", "name", "lon", "lat"])
        book.active.append(["H-1", "x", 123.6, 47.1])
        plain, out = io.BytesIO(), io.BytesIO()
        book.save(plain)
        with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w") as target:
            for info in source.infolist():
                text = source.read(info).decode()
                if info.filename.startswith("xl/") and info.filename.endswith(".xml"):
                    head, _, rest = (
                        text.partition("?>") if text.startswith("<?") else ("", "", text)
                    )
                    start = f"{head}?>" if head else ""
                    text = start + doctype(bait) + rest.replace("<t>x</t>", "<t>&e;</t>")
                target.writestr(info.filename, text)
        return out.getvalue()

    return data
