"""The addresses of the harbour."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path

urlpatterns = [
    path("", include("berths.urls")),
    path("admin/", admin.site.urls),
    path("account/login/", auth_views.LoginView.as_view(), name="login"),
    path("account/logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("bench/", include("benchmark.urls")),
]
