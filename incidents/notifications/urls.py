"""Notifications: one's own, and the rooms and programs that hear of things."""

from django.urls import path

from incidents.notifications import views
from incidents.notifications.endpoints import views as endpoints

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.inbox, name="inbox"),
    path("notifications/read/", views.read_all, name="read_all"),
    path("notifications/unread/", views.unread_again, name="unread_again"),
    path("notifications/<int:message>/open/", views.open_message, name="open_message"),
    path("notifications/<int:message>/read/", views.read_message, name="read_message"),
    path("notifications/preferences/", views.preferences, name="preferences"),
    path("notifications/channels/", endpoints.endpoints, name="endpoints"),
    path("notifications/channels/new/", endpoints.new_endpoint, name="new_endpoint"),
    path(
        "notifications/channels/<int:endpoint>/on/", endpoints.switch_on, name="switch_on_endpoint"
    ),
    path(
        "notifications/channels/<int:endpoint>/off/",
        endpoints.switch_off,
        name="switch_off_endpoint",
    ),
    path(
        "notifications/channels/<int:endpoint>/test/", endpoints.endpoint_test, name="endpoint_test"
    ),
    path("notifications/channels/<int:endpoint>/remove/", endpoints.remove, name="remove_endpoint"),
]
