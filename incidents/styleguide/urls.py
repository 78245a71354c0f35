"""Every component of the pages in every state."""

from django.urls import path

from incidents.styleguide import views

app_name = "styleguide"
urlpatterns = [path("styleguide/", views.styleguide, name="styleguide")]
