"""The whole site: the accounts' pages, and ours."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("incidents.urls")),
]

# Also of what fails before a view is reached.
handler500 = "incidents.health.views.failed"
