"""Finding it again."""

from django.urls import path

from incidents.lookup import views

app_name = "lookup"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("search/suggestions/", views.suggestions, name="suggestions"),
]
