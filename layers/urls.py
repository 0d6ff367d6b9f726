from django.urls import path

from layers import views
from layers.archives import views as archives
from layers.tiles import views as tiles

urlpatterns = [
    path("<slug:key>/items.geojson", views.items, name="layer-items"),
    path("<slug:key>/features/<str:identifier>", views.feature, name="layer-feature"),
    path("<slug:key>/tilejson.json", tiles.tilejson, name="layer-tilejson"),
    path(
        "<slug:key>/tiles/<slug:revision>/<int:z>/<int:x>/<int:y>.mvt",
        tiles.tile,
        name="layer-tile",
    ),
    path("publication/<slug:revision>.pmtiles", archives.published, name="published-archive"),
    path("<slug:key>/tiles/<slug:revision>.pmtiles", archives.archive, name="layer-archive"),
]
