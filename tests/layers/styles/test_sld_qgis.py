"""The four kinds of renderers and labels in the words that QGIS 3 writes them in, and all that it adds to them."""

from layers.styles.document import mistakes
from layers.styles.legend import legend
from layers.styles.sld.notes import Unsupported
from layers.styles.sld.remote import read_sld
from tests.layers.styles.test_sld import between, equal, polygon, rule, sld

LINE = """<se:LineSymbolizer><se:Stroke><se:SvgParameter name="stroke">{colour}</se:SvgParameter>
  <se:SvgParameter name="stroke-width">{width}</se:SvgParameter>
  <se:SvgParameter name="stroke-linejoin">bevel</se:SvgParameter>
  <se:SvgParameter name="stroke-linecap">square</se:SvgParameter></se:Stroke></se:LineSymbolizer>"""
POINT = """<se:PointSymbolizer><se:Graphic><se:Mark><se:WellKnownName>circle</se:WellKnownName>
  <se:Fill><se:SvgParameter name="fill">#e15989</se:SvgParameter></se:Fill>
  <se:Stroke><se:SvgParameter name="stroke">#232323</se:SvgParameter>
  <se:SvgParameter name="stroke-width">0.5</se:SvgParameter></se:Stroke></se:Mark><se:Size>7</se:Size>
  </se:Graphic></se:PointSymbolizer>"""
# A rule for labels has no name and no title.
LABEL = """<se:Rule>{scales}<se:TextSymbolizer><se:Label><ogc:PropertyName>名称</ogc:PropertyName></se:Label>
  <se:Font><se:SvgParameter name="font-family">Noto Sans CJK SC</se:SvgParameter>
  <se:SvgParameter name="font-size">13</se:SvgParameter></se:Font>
  <se:LabelPlacement><se:PointPlacement><se:AnchorPoint><se:AnchorPointX>0</se:AnchorPointX>
  <se:AnchorPointY>0.5</se:AnchorPointY></se:AnchorPoint>{placed}</se:PointPlacement></se:LabelPlacement>
  <se:Halo><se:Radius>2</se:Radius><se:Fill><se:SvgParameter name="fill">#fafafa</se:SvgParameter></se:Fill></se:Halo>
  <se:Fill><se:SvgParameter name="fill">#323232</se:SvgParameter></se:Fill>{more}
  <se:VendorOption name="maxDisplacement">1</se:VendorOption></se:TextSymbolizer></se:Rule>"""
SCALES = """<se:MinScaleDenominator>1000</se:MinScaleDenominator>
  <se:MaxScaleDenominator>50000</se:MaxScaleDenominator>"""


def test_categorized_with_all_others() -> None:
    found = read_sld(
        sld(
            rule("林地", equal("种类", "林地") + polygon("#1b9e77")),
            rule("草地", equal("种类", "草地") + polygon("#d95f02")),
            rule(
                "其他", "<se:ElseFilter xmlns:se='http://www.opengis.net/se'/>" + polygon("#999999")
            ),
        )
    )
    assert found.unsupported == ()
    fill = found.style["layers"][0]
    assert fill["paint"]["fill-color"] == [
        "match", ["get", "种类"], "林地", "#1b9e77", "草地", "#d95f02", "#999999",
    ]  # fmt: skip
    labels = [entry["label"] for entry in legend(found.style, "地块", "")]
    assert {"林地", "草地", "其他"} <= set(labels)


def test_graduated_ranges() -> None:
    found = read_sld(
        sld(
            rule(
                "0 - 10",
                between("亩", 0, 10, "PropertyIsGreaterThanOrEqualTo")
                + LINE.format(colour="#eff3ff", width=1),
            ),
            rule("10 - 50", between("亩", 10, 50) + LINE.format(colour="#6baed6", width=1)),
            rule("50 - 200", between("亩", 50, 200) + LINE.format(colour="#08519c", width=1)),
        )
    )
    assert found.unsupported == ()
    [line] = found.style["layers"]
    assert {"#eff3ff", "#6baed6", "#08519c"} <= set(str(line["paint"]["line-color"]).split("'"))
    assert "step" in str(line["paint"]["line-color"])
    assert line["layout"] == {"line-cap": "square", "line-join": "bevel"}
    assert mistakes(found.style) == []


def test_rules_with_scales_and_an_else() -> None:
    found = read_sld(
        sld(
            rule("大井", between("深", 100, 900) + SCALES + POINT),
            rule("其余", "<se:ElseFilter/>" + POINT),
        )
    )
    assert found.unsupported == ()
    first, second = found.style["layers"]
    assert (first["minzoom"], first["maxzoom"]) == (13.45, 19.09)
    assert second["filter"][0] == "!"
    assert first["paint"] == {
        "circle-radius": 3.5,
        "circle-color": "#e15989",
        "circle-stroke-color": "#232323",
        "circle-stroke-width": 0.5,
    }
    assert mistakes(found.style) == []


def test_labels_and_what_qgis_adds_to_them_by_name() -> None:
    shifted = "<se:Displacement><se:DisplacementX>4</se:DisplacementX></se:Displacement><se:Rotation>30</se:Rotation>"
    shield = "<se:Graphic><se:Mark/></se:Graphic><se:Priority>5</se:Priority>"
    text = LABEL.format(scales=SCALES, placed=shifted, more=shield)
    found = read_sld(sld(rule("地块", polygon("#1b9e77")), text))
    label = found.style["layers"][-1]
    assert label["type"] == "symbol"
    assert label["layout"] == {"text-field": ["get", "名称"], "text-size": 13}
    assert (label["minzoom"], label["maxzoom"]) == (13.45, 19.09)
    assert label["paint"]["text-halo-color"] == "#fafafa"
    assert {one.element for one in found.unsupported} == {
        "font-family Noto Sans CJK SC",
        "AnchorPoint",
        "Displacement",
        "Rotation",
        "Graphic",
        "Priority",
        "VendorOption maxDisplacement",
    }
    assert mistakes(found.style) == []


def test_a_size_or_colour_by_expression_and_an_unknown_word_are_named() -> None:
    inside = """<se:LineSymbolizer><se:Stroke><se:SvgParameter name="stroke">#ff0000</se:SvgParameter>
      <se:SvgParameter name="stroke-dashoffset">3</se:SvgParameter>
      <se:SvgParameter name="stroke-width"><ogc:PropertyName>宽</ogc:PropertyName></se:SvgParameter></se:Stroke>
      <se:Sparkle/></se:LineSymbolizer>"""
    found = read_sld(sld(rule("渠", inside)))
    assert set(found.unsupported) == {
        Unsupported("stroke-dashoffset", "渠"),
        Unsupported("stroke-width PropertyName", "渠"),
        Unsupported("Sparkle", "渠"),
    }
