"""SLDs as QGIS writes them, and what strangers may write, through the quarantine."""

import pytest

from layers.styles.document import mistakes
from layers.styles.legend import legend
from layers.styles.sld.filters import number_or_text
from layers.styles.sld.notes import MAX_BYTES, SldRefused, Unsupported
from layers.styles.sld.remote import read_sld

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<StyledLayerDescriptor xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc"
 xmlns:se="http://www.opengis.net/se" version="1.1.0"><NamedLayer><se:Name>地块</se:Name><UserStyle>
 <se:Name>地块</se:Name><se:FeatureTypeStyle>"""
UNITS = "http://www.opengeospatial.org/se/units/"
STROKE = "<se:Stroke/>"
TAIL = "</se:FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>"


def sld(*rules: str) -> bytes:
    return (HEAD + "".join(rules) + TAIL).encode()


def polygon(fill: str, stroke: str = "#232323", width: float = 1) -> str:
    return f"""<se:PolygonSymbolizer><se:Fill><se:SvgParameter name="fill">{fill}</se:SvgParameter>
      <se:SvgParameter name="fill-opacity">0.5</se:SvgParameter></se:Fill>
      <se:Stroke><se:SvgParameter name="stroke">{stroke}</se:SvgParameter>
      <se:SvgParameter name="stroke-width">{width}</se:SvgParameter>
      <se:SvgParameter name="stroke-linejoin">bevel</se:SvgParameter></se:Stroke></se:PolygonSymbolizer>"""


def rule(name: str, inside: str) -> str:
    title = f"<se:Name>{name}</se:Name><se:Description><se:Title>{name}</se:Title></se:Description>"
    return f"<se:Rule>{title}{inside}</se:Rule>"


def equal(column: str, value: str) -> str:
    return f"""<ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>{column}</ogc:PropertyName>
      <ogc:Literal>{value}</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter>"""


def between(column: str, low: float, high: float, sign: str = "PropertyIsGreaterThan") -> str:
    return f"""<ogc:Filter><ogc:And><ogc:{sign}><ogc:PropertyName>{column}</ogc:PropertyName>
      <ogc:Literal>{low}</ogc:Literal></ogc:{sign}><ogc:PropertyIsLessThanOrEqualTo>
      <ogc:PropertyName>{column}</ogc:PropertyName><ogc:Literal>{high}</ogc:Literal>
      </ogc:PropertyIsLessThanOrEqualTo></ogc:And></ogc:Filter>"""


def test_a_single_symbol() -> None:
    found = read_sld(sld(rule("Single symbol", polygon("#91522D"))))
    fill, line = found.style["layers"]
    assert fill["paint"] == {"fill-color": "#91522d", "fill-opacity": 0.5}
    assert line["paint"] == {"line-color": "#232323", "line-width": 1}
    assert line["layout"] == {"line-join": "bevel"}
    assert found.unsupported == ()
    assert [one["label"] for one in legend(found.style, "地块")] == ["Single symbol"]


def test_categories_become_one_match() -> None:
    names = ["住宅", "学校", "007"]
    rules = [
        rule(name, equal("用途", name) + polygon(f"#00000{at}")) for at, name in enumerate(names)
    ]
    other = rule(
        "其他", '<se:ElseFilter xmlns:se="http://www.opengis.net/se"/>' + polygon("#999999")
    )
    fill, line = read_sld(sld(*rules, other)).style["layers"]
    assert fill["paint"]["fill-color"] == [
        *(
            "match",
            ["get", "用途"],
            "住宅",
            "#000000",
            "学校",
            "#000001",
            "007",
            "#000002",
            "#999999",
        )
    ]
    assert line["type"] == "line"
    assert [one["label"] for one in legend({"layers": [fill, line]}, "x")] == [*names, "其他"]


def test_categories_without_others_leave_the_others_out() -> None:
    rules = [rule(name, equal("k", name) + polygon(f"#00000{name}")) for name in ("1", "2")]
    fill, _line = read_sld(sld(*rules)).style["layers"]
    assert fill["filter"] == ["in", ["get", "k"], ["literal", [1, 2]]]
    assert [one["label"] for one in legend({"layers": [fill]}, "x")] == ["1", "2"]


def test_ranges_become_one_step() -> None:
    rules = [
        rule("0 - 10", between("n", 0, 10, "PropertyIsGreaterThanOrEqualTo") + polygon("#000001")),
        rule("10 - 20", between("n", 10, 20) + polygon("#000002")),
        rule("20 - 30", between("n", 20, 30) + polygon("#000003")),
    ]
    fill, _line = read_sld(sld(*rules)).style["layers"]
    name, column, *rest = fill["paint"]["fill-color"]
    assert (name, column) == ("step", ["get", "n"])
    assert rest[::2] == ["#000001", "#000002", "#000003"]
    assert rest[1::2] == pytest.approx([10, 20])
    assert rest[1] > 10  # a limit belongs to the class under it, as in QGIS
    assert fill["filter"] == ["all", [">=", ["get", "n"], 0], ["<=", ["get", "n"], 30]]
    assert [one["label"] for one in legend({"layers": [fill]}, "x")] == [
        "0 - 10",
        "10 - 20",
        "20 - 30",
    ]


def test_rules_that_differ_in_more_than_colour_stay_rules() -> None:
    found = read_sld(sld(
        rule("a", equal("k", "a") + polygon("#000001")), rule("b", equal("k", "b") + polygon("#000002", width=3))
    ))  # fmt: skip
    assert [one["type"] for one in found.style["layers"]] == ["fill", "line", "fill", "line"]
    assert [one["label"] for one in legend(found.style, "x")] == ["a", "b"]


def test_points_lines_labels_and_scales_of_1_0() -> None:
    text = b"""<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc">
    <UserLayer><UserStyle><FeatureTypeStyle><Rule><Title>well</Title><MinScaleDenominator>1000</MinScaleDenominator>
    <MaxScaleDenominator>545979</MaxScaleDenominator>
    <PointSymbolizer><Graphic><Mark><WellKnownName>square</WellKnownName>
    <Fill><CssParameter name="fill">#ff0000</CssParameter></Fill><Stroke/></Mark><Size>12</Size></Graphic>
    </PointSymbolizer>
    <LineSymbolizer><Stroke><CssParameter name="stroke-width">2</CssParameter>
    <CssParameter name="stroke-dasharray">4 2</CssParameter></Stroke></LineSymbolizer>
    <TextSymbolizer><Label><ogc:PropertyName>name</ogc:PropertyName></Label>
    <Font><CssParameter name="font-size">13</CssParameter><CssParameter name="font-family">SimSun</CssParameter></Font>
    <Halo><Radius>2</Radius><Fill><CssParameter name="fill">#ffffff</CssParameter></Fill></Halo>
    <Fill><CssParameter name="fill">#111111</CssParameter></Fill></TextSymbolizer>
    </Rule></FeatureTypeStyle></UserStyle></UserLayer></StyledLayerDescriptor>"""
    found = read_sld(text)
    circle, line, label = found.style["layers"]
    assert circle["paint"]["circle-radius"] == 6
    assert (circle["minzoom"], circle["maxzoom"]) == (10.0, 19.09)
    assert line["paint"]["line-dasharray"] == [2.0, 1.0]
    assert label["layout"] == {"text-field": ["get", "name"], "text-size": 13}
    assert label["paint"] == {
        "text-color": "#111111",
        "text-halo-width": 2,
        "text-halo-color": "#ffffff",
    }
    assert found.unsupported == (
        Unsupported("WellKnownName square", "well"),
        Unsupported("font-family SimSun", "well"),
    )


@pytest.mark.parametrize(
    ("inside", "element"),
    [
        (f"<se:LineSymbolizer uom='{UNITS}metre'><se:Stroke/></se:LineSymbolizer>", "uom metre"),
        (f"<se:PolygonSymbolizer><se:Fill><se:GraphicFill/></se:Fill>{STROKE}</se:PolygonSymbolizer>", "GraphicFill"),
        ("<se:PointSymbolizer><se:Graphic><se:ExternalGraphic/></se:Graphic></se:PointSymbolizer>", "ExternalGraphic"),
        ("<se:LineSymbolizer><se:Stroke><se:GraphicStroke/></se:Stroke></se:LineSymbolizer>", "GraphicStroke"),
        (f"<se:LineSymbolizer>{STROKE}<se:PerpendicularOffset/></se:LineSymbolizer>", "PerpendicularOffset"),
        (equal("k", "<ogc:Function name='x'/>") + polygon("#000000"), "Filter PropertyIsEqualTo Function"),
        ("<ogc:Filter><ogc:PropertyIsLike/></ogc:Filter>" + polygon("#000000"), "Filter PropertyIsLike"),
        ("<se:LineSymbolizer><se:Stroke/></se:LineSymbolizer><se:RasterSymbolizer/>", "RasterSymbolizer"),
    ],
)  # fmt: skip
def test_what_is_not_taken_over_is_named(inside: str, element: str) -> None:
    found = read_sld(sld(rule("甲", inside)))
    assert found.unsupported == (Unsupported(element, "甲"),)
    assert mistakes(found.style) == []


def test_a_rule_whose_filter_is_not_understood_draws_nothing() -> None:
    inside = "<ogc:Filter><ogc:PropertyIsLike/></ogc:Filter>" + polygon("#000000")
    assert {repr(one["filter"]) for one in read_sld(sld(rule("x", inside))).style["layers"]} == {
        "['!', ['all']]"
    }


ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "xml"),
        (b"PK\x03\x04", "xml"),
        (sld("<se:Rule>")[:-300], "xml"),
        ((ENTITY + "<StyledLayerDescriptor>&e;</StyledLayerDescriptor>").encode(), "xml"),
        (b"<StyledLayerDescriptor/>", "empty"),
        (sld(rule("r", "<se:RasterSymbolizer/>")), "raster"),
        (sld(*(rule("r", polygon("#000000", width=at)) for at in range(300))), "large"),
        (b" " * (MAX_BYTES + 1), "large"),
        (b"<a>" * 500, "xml"),
        (sld(rule("x", equal("k" * 400, "v") + polygon("#000000"))), "xml"),
    ],
    ids=[
        "nothing",
        "zip",
        "cut",
        "entity",
        "empty",
        "raster",
        "many",
        "bytes",
        "deep",
        "long name",
    ],
)
def test_what_is_no_style_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(SldRefused) as raised:
        read_sld(data)
    assert raised.value.reason == reason


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-3.50", -3.5),
        ("007", "007"),
        ("1e5", "1e5"),
        ("nan", "nan"),
        ("甲", "甲"),
        ("", ""),
    ],
)
def test_a_literal_is_a_number_when_it_is_written_as_one(text: str, value: object) -> None:
    found = number_or_text(text)
    assert (type(found), found) == (type(value), value)
