"""What to do when."""

from django.urls import path

from incidents.runbooks import views
from incidents.runbooks.coverage import views as coverage_views

app_name = "runbooks"
urlpatterns = [
    path("runbooks/", views.runbooks, name="runbooks"),
    path("runbooks/new/", views.new_runbook, name="new_runbook"),
    path("runbooks/coverage/", coverage_views.coverage, name="coverage"),
    path("runbooks/<slug:slug>/", views.runbook, name="runbook"),
    path("runbooks/<slug:slug>/edit/", views.edit_runbook, name="edit_runbook"),
    path("runbooks/<slug:slug>/verify/", views.verify, name="verify"),
]
