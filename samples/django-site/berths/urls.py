"""The addresses of the harbour's own pages."""

from django.urls import path, re_path

from . import views

app_name = "berths"

urlpatterns = [
    path("", views.home, name="home"),
    re_path(r"^berths/(?P<pier>[A-Z])(?P<number>[0-9]{1,4})/$", views.berth, name="berth"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("book/", views.book, name="book"),
    path("bookings/<str:reference>/", views.booking, name="booking"),
    path("office/", views.office, name="office"),
    path("office/logbook.csv", views.logbook, name="logbook"),
    path("office/papers/", views.papers, name="papers"),
    path("office/papers/<int:pk>/", views.paper, name="paper"),
    path("office/papers/<int:pk>/file", views.paper_file, name="paper-file"),
    path("api/berths/", views.api_berths, name="api-berths"),
]
