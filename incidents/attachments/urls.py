"""Files beside a record."""

from django.urls import path

from incidents.attachments import views

app_name = "attachments"
urlpatterns = [
    path("incidents/<incident_ref:number>/attachments/", views.of_incident, name="of_incident"),
    path("runbooks/<slug:slug>/attachments/", views.of_runbook, name="of_runbook"),
    path("attachments/<int:attachment>/", views.file, name="file"),
    path("attachments/<int:attachment>/remove/", views.remove, name="remove"),
    path("attachments/<int:attachment>/bring-back/", views.bring_back, name="bring_back"),
]
