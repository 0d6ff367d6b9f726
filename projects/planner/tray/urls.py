from django.urls import path

from projects.planner.tray import devices, loading, views

urlpatterns = [
    path("", views.tray, name="planner-tray"),
    path("load/", loading.load, name="planner-tray-load"),
    path("devices/", devices.devices, name="planner-devices"),
    path("devices/<uuid:device_id>/revoke/", devices.revoke, name="planner-device-revoke"),
    path("<int:number>/", views.item, name="planner-tray-item"),
    path("<int:number>/decide/", views.decide, name="planner-tray-decide"),
]
