"""What a quarter came to. Any period is named by its key: `2026Q3`, `2026-07`, two days."""

from django.urls import path

from incidents.review import views

app_name = "review"
urlpatterns = [
    path("reviews/", views.reviews, name="reviews"),
    path("reviews/<str:period>/", views.review, name="review"),
    path("reviews/notes/<int:review>/", views.edit_notes, name="edit_notes"),
    path("reviews/decisions/<int:review>/new/", views.new_decision, name="new_decision"),
    path("reviews/decisions/<int:decision>/action/", views.act_on, name="act_on"),
    path("reviews/<str:period>/freeze/", views.freeze, name="freeze"),
    path("reviews/<str:period>/today/", views.today, name="today"),
]
