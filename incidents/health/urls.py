"""`/healthz/`, `/readyz/` and `/metrics/`."""

from django.urls import path

from incidents.health import views

app_name = "health"
urlpatterns = [
    path("healthz/", views.alive, name="alive"),
    path("readyz/", views.ready, name="ready"),
    path("metrics/", views.metrics, name="metrics"),
]
