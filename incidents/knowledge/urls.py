"""Factors, knobs and lessons."""

from django.urls import path

from incidents.knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("factors/", views.factors, name="factors"),
    path("factors/new/", views.new_factor, name="new_factor"),
    path("factors/<slug:slug>/", views.factor, name="factor"),
    path("factors/<slug:slug>/edit/", views.edit_factor, name="edit_factor"),
]
