"""Finding it again."""

from django.urls import path

from incidents.lookup import views
from incidents.lookup.alerts import views as alert_views
from incidents.lookup.learning import views as learning_views

app_name = "lookup"
urlpatterns = [
    path("", views.home, name="home"),
    path("lookup/", views.lookup, name="lookup"),
    path("lookup/answers/", views.answers, name="answers"),
    path("lookup/beside/", views.beside, name="beside"),
    path("lookup/mine/", learning_views.mine, name="mine"),
    path("lookup/mine/forget/", learning_views.forget, name="forget"),
    path("lookup/quality/", learning_views.quality, name="quality"),
    path("lookup/queries/", learning_views.kept_queries, name="kept_queries"),
    path("lookup/queries/new/", learning_views.keep_query, name="keep_query"),
    path("lookup/queries/remove/", learning_views.remove_query, name="remove_query"),
    path("alerts/", alert_views.alerts, name="alerts"),
    path("hooks/alertmanager/", alert_views.alertmanager, name="alertmanager"),
    path("search/", views.search, name="search"),
    path("search/suggestions/", views.suggestions, name="suggestions"),
    path("search/palette/", views.palette, name="palette"),
]
