"""The peer: django-vectortiles with its own encoder, on the SpatiaLite database that ours reads (DB: its path)."""

import os

import django
from django.conf import settings

settings.configure(
    DEBUG=False,
    SECRET_KEY="x",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.gis", "vectortiles"],
    MIDDLEWARE=["django.middleware.gzip.GZipMiddleware"],
    DATABASES={
        "default": {
            "ENGINE": "django.contrib.gis.db.backends.spatialite",
            "NAME": os.environ["DB"],
            "CONN_MAX_AGE": 60,
        }
    },
    SPATIALITE_LIBRARY_PATH="mod_spatialite",
    VECTOR_TILES_BACKEND="vectortiles.backends.python",
)
django.setup()

from django.contrib.gis.db import models  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import path  # noqa: E402
from vectortiles import VectorLayer  # noqa: E402
from vectortiles.views import MVTView  # noqa: E402


class Feature(models.Model):
    geom = models.GeometryField(srid=4326)
    properties = models.JSONField()

    class Meta:
        app_label = "peer"
        managed = False
        db_table = "layers_feature"


class Features(VectorLayer):
    model = Feature
    id = "features"
    tile_fields = ("id",)
    queryset_limit = None
    min_zoom = 0


class Tiles(MVTView):
    layer_classes = (Features,)


urlpatterns = [path("<int:z>/<int:x>/<int:y>", Tiles.as_view())]
app = get_wsgi_application()
