from django.urls import path

from layers import views

urlpatterns = [path("<slug:key>/items.geojson", views.items, name="layer-items")]
