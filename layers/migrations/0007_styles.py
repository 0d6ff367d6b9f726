"""Styles of two words become styles of docs/styles.md: a colour and a width, or the zoom from which names are written."""

from django.db import migrations

NAMES = {"text-color": "#3c4650", "text-halo-color": "#ffffff", "text-halo-width": 1.5}


def to_documents(apps, schema_editor):
    layer_model = apps.get_model("layers", "Layer")
    for layer in layer_model.objects.exclude(style={}):
        if "layers" not in layer.style:
            layer.style = document(layer.style)
            layer.save(update_fields=["style"])


def document(old):
    """Lines and areas had a colour and a width; points were names on the ground from a zoom on."""
    colour = old.get("color", "#2b7bba")
    zoom = {"minzoom": old["min_zoom"]} if "min_zoom" in old else {}
    names = {
        "type": "symbol",
        **zoom,
        "layout": {"text-field": ["get", "name"], "text-size": 12.5},
        "paint": NAMES,
    }
    if "weight" in old:
        return {
            "version": 8,
            "layers": [
                {"type": "line", "paint": {"line-color": colour, "line-width": old["weight"]}},
                names,
            ],
        }
    names["layout"]["text-anchor"] = "top"
    point = {"type": "circle", **zoom, "paint": {"circle-color": colour, "circle-radius": 2.5}}
    return {"version": 8, "layers": [point, names]}


class Migration(migrations.Migration):
    dependencies = [("layers", "0006_tile_table")]
    operations = [migrations.RunPython(to_documents, migrations.RunPython.noop)]
