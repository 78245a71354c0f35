"""The incident record and its parts."""

from django.urls import path

from incidents.records import state_views, views
from incidents.records.hooks import views as hook_views
from incidents.records.parts.urls import urlpatterns as parts

app_name = "records"
urlpatterns = [
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/new/", views.new_incident, name="new_incident"),
    path("incidents/<incident_ref:number>/", views.incident, name="incident"),
    path("incidents/<incident_ref:number>/edit/", views.edit_incident, name="edit_incident"),
    path("incidents/<incident_ref:number>/access/", state_views.access, name="access"),
    path(
        "incidents/<incident_ref:number>/review/",
        state_views.send_to_review,
        name="send_to_review",
    ),
    path(
        "incidents/<incident_ref:number>/answer/", state_views.answer_review, name="answer_review"
    ),
    path("incidents/<incident_ref:number>/publish/", state_views.publish, name="publish"),
    path(
        "incidents/<incident_ref:number>/draft/",
        state_views.return_to_draft,
        name="return_to_draft",
    ),
    path("incidents/<incident_ref:number>/withdraw/", state_views.withdraw, name="withdraw"),
    path(
        "incidents/<incident_ref:number>/withdraw/undo/",
        state_views.undo_withdrawal,
        name="undo_withdrawal",
    ),
    path("hooks/pagerduty/", hook_views.pagerduty, name="pagerduty"),
    path("hooks/incidents/", hook_views.programs, name="programs"),
    *parts,
]
