"""Bringing records in."""

from django.urls import path

from incidents.importers.intake import views

app_name = "imports"
urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/new/", views.new_import, name="new_import"),
    path("imports/<int:imported>/", views.one_import, name="import"),
    path("imports/<int:imported>/rows/<int:row>/", views.row, name="row"),
    path("imports/<int:imported>/columns/", views.columns, name="columns"),
    path("imports/<int:imported>/read/", views.read_again, name="read_again"),
    path("imports/<int:imported>/apply/", views.apply, name="apply"),
    path("imports/<int:imported>/undo/", views.undo, name="undo"),
    path("imports/<int:imported>/cancel/", views.cancel, name="cancel"),
    path("imports/<int:imported>/retry/", views.retry, name="retry"),
    path("incidents/<incident_ref:number>/proposals/", views.proposals, name="proposals"),
    path("proposals/<int:proposal>/record/", views.record, name="record"),
    path("proposals/<int:proposal>/dismiss/", views.dismiss, name="dismiss"),
    path("proposals/<int:proposal>/reopen/", views.reopen, name="reopen"),
]
