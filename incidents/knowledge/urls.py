"""Factors, knobs and lessons.

A knob's key may contain slashes and end in any word, so nothing comes after it in an address.
"""

from django.urls import path

from incidents.knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("factors/", views.factors, name="factors"),
    path("factors/new/", views.new_factor, name="new_factor"),
    path("factors/<slug:slug>/", views.factor, name="factor"),
    path("factors/<slug:slug>/edit/", views.edit_factor, name="edit_factor"),
    path("knobs/", views.knobs, name="knobs"),
    path("knobs/new/", views.new_knob, name="new_knob"),
    path("knobs/<str:component>/<path:key>/", views.knob, name="knob"),
    path("edit-knob/<str:component>/<path:key>/", views.edit_knob, name="edit_knob"),
    path("lessons/", views.lessons, name="lessons"),
    path("lessons/new/", views.new_lesson, name="new_lesson"),
    path("lessons/<lesson_ref:number>/", views.lesson, name="lesson"),
    path("lessons/<lesson_ref:number>/edit/", views.edit_lesson, name="edit_lesson"),
    path("lessons/<lesson_ref:number>/supersede/", views.supersede_lesson, name="supersede_lesson"),
    path("lessons/<lesson_ref:number>/retire/", views.retire_lesson, name="retire_lesson"),
    path(
        "lessons/<lesson_ref:number>/reactivate/", views.reactivate_lesson, name="reactivate_lesson"
    ),
]
