"""The site, by capability."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("incidents.lookup.urls")),
    path("", include("incidents.api.urls")),
    path("", include("incidents.records.urls")),
    path("", include("incidents.notifications.urls")),
    path("", include("incidents.action_items.urls")),
    path("", include("incidents.attachments.urls")),
    path("", include("incidents.directory.urls")),
    path("", include("incidents.exports.urls")),
    path("", include("incidents.guard.urls")),
    path("", include("incidents.health.urls")),
    path("", include("incidents.history.urls")),
    path("", include("incidents.importers.intake.urls")),
    path("", include("incidents.jobs.urls")),
    path("", include("incidents.knowledge.urls")),
    path("", include("incidents.runbooks.urls")),
    path("", include("incidents.review.urls")),
    path("", include("incidents.styleguide.urls")),
    path("", include("incidents.wording.urls")),
]
