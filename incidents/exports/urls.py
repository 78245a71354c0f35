"""Taking records out."""

from django.urls import path

from incidents.exports import views
from incidents.exports.feeds import views as feeds
from incidents.models import FeedKind

app_name = "exports"
urlpatterns = [
    path("incidents/<incident_ref:number>/export/", views.export_incident, name="export_incident"),
    path("exports/review/", views.export_review, name="export_review"),
    path("exports/", views.exports, name="exports"),
    path("exports/<int:export>/", views.export, name="export"),
    path("exports/<int:export>/file/", views.file, name="file"),
    path("exports/<int:export>/cancel/", views.cancel, name="cancel"),
    path("feeds/", feeds.feeds, name="feeds"),
    path(
        "feeds/new/incidents/",
        feeds.new_feed,
        {"kind": FeedKind.INCIDENTS},
        name="new_incident_feed",
    ),
    path("feeds/new/calendar/", feeds.new_feed, {"kind": FeedKind.CALENDAR}, name="new_calendar"),
    path("feeds/<int:feed>/replace/", feeds.replace_feed_link, name="replace_feed_link"),
    path("feeds/<int:feed>/revoke/", feeds.revoke_feed, name="revoke_feed"),
    # Whoever has the link is let in: it is what a program has instead of a password.
    path("feeds/<slug:link>.atom", feeds.incident_feed, name="incident_feed"),
    path("feeds/<slug:link>.ics", feeds.calendar, name="calendar"),
]
