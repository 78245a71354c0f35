"""Executable lessons: writing one, and checking configuration against all of them."""

from django.urls import path

from incidents.guard import views
from incidents.guard.runs import views as runs

app_name = "guard"
urlpatterns = [
    path("guard/", views.check, name="check"),
    path("guard/runs/", runs.runs, name="runs"),
    path("guard/runs/<int:run>/", runs.run, name="run"),
    path("lessons/<lesson_ref:number>/guard/", views.edit_guard, name="edit_guard"),
    path("lessons/<lesson_ref:number>/guard/try/", views.try_guard, name="try_guard"),
]
