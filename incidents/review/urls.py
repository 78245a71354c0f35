"""What a quarter came to. Any period is named by its key: `2026Q3`, `2026-07`, two days."""

from django.urls import path

from incidents.review import views

app_name = "review"
urlpatterns = [
    path("reviews/", views.reviews, name="reviews"),
    path("reviews/<str:period>/", views.review, name="review"),
    path("reviews/notes/<int:review>/", views.edit_notes, name="edit_notes"),
    path("reviews/decisions/<int:review>/new/", views.new_decision, name="new_decision"),
    path("reviews/decisions/<int:decision>/", views.edit_decision, name="edit_decision"),
    path("reviews/decisions/<int:decision>/remove/", views.remove_decision, name="remove_decision"),
    path("reviews/decisions/<int:decision>/action/", views.act_on, name="act_on"),
    path("reviews/<str:period>/freeze/", views.freeze, name="freeze"),
    path("reviews/<str:period>/figures/<int:part>/", views.more_figures, name="more_figures"),
    path("reviews/<str:period>/today/", views.today, name="today"),
]
