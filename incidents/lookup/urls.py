"""Finding it again."""

from django.urls import path

from incidents.lookup import views
from incidents.lookup.alerts import views as alert_views

app_name = "lookup"
urlpatterns = [
    path("", views.home, name="home"),
    path("lookup/", views.lookup, name="lookup"),
    path("lookup/answers/", views.answers, name="answers"),
    path("lookup/beside/", views.beside, name="beside"),
    path("alerts/", alert_views.alerts, name="alerts"),
    path("hooks/alertmanager/", alert_views.alertmanager, name="alertmanager"),
    path("search/", views.search, name="search"),
    path("search/suggestions/", views.suggestions, name="suggestions"),
]
