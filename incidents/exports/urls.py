"""Taking records out."""

from django.urls import path

from incidents.exports import views

app_name = "exports"
urlpatterns = [
    path("incidents/<incident_ref:number>/export/", views.export_incident, name="export_incident"),
    path("exports/review/", views.export_review, name="export_review"),
    path("exports/", views.exports, name="exports"),
    path("exports/<int:export>/", views.export, name="export"),
    path("exports/<int:export>/file/", views.file, name="file"),
    path("exports/<int:export>/cancel/", views.cancel, name="cancel"),
]
