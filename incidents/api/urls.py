"""Version 1 of the interface for programs."""

from django.urls import path

from incidents.api import lookup

app_name = "api"
urlpatterns = [
    path("api/v1/lookup/", lookup.view, name="lookup"),
]
