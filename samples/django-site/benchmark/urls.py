"""Addresses for measurements and tests; not part of the public site."""

from django.urls import path

from . import views

urlpatterns = [
    path("plain", views.plain),
    path("table", views.table),
    path("row", views.row),
    path("json", views.json),
    path("form", views.form),
    path("upload", views.upload),
    path("file/<int:mebibytes>", views.file),
    path("stream", views.stream),
    path("wait", views.wait),
    path("fail", views.fail),
    path("version", views.version),
]
