"""What changed in any record, by whom, when; earlier versions, and the way back to them."""

from django.urls import path

from incidents.history import views

app_name = "history"
DOCUMENT = "history/<str:document_type>/<int:document_id>/"
CHANGE = f"{DOCUMENT}<int:change_id>/"
urlpatterns = [
    path(DOCUMENT, views.history, name="history"),
    path(f"{DOCUMENT}compare/", views.compare, name="compare"),
    path(f"{DOCUMENT}at/<int:change_id>/", views.version, name="version"),
    path(f"{DOCUMENT}at/<int:change_id>/take-back/", views.take_back, name="take_back"),
    path(CHANGE, views.change, name="change"),
    path(f"{CHANGE}bring-back-field/", views.bring_back_field, name="bring_back_field"),
    path(f"{CHANGE}bring-back-part/", views.bring_back_part, name="bring_back_part"),
]
