"""What to do when."""

from django.urls import path

from incidents.runbooks import views
from incidents.runbooks.coverage import views as coverage_views
from incidents.runbooks.feedback import views as feedback_views
from incidents.runbooks.offline import views as offline_views

app_name = "runbooks"
urlpatterns = [
    path("runbooks/", views.runbooks, name="runbooks"),
    path("runbooks/new/", views.new_runbook, name="new_runbook"),
    path("runbooks/coverage/", coverage_views.coverage, name="coverage"),
    path("runbooks/offline/", offline_views.offline, name="offline"),
    path("runbooks/offline/copy/", offline_views.offline_copy, name="offline_copy"),
    path("runbooks/offline/file/", offline_views.offline_file, name="offline_file"),
    path("runbooks/offline/shell/", offline_views.offline_shell, name="offline_shell"),
    path("sw.js", offline_views.worker, name="worker"),
    path("runbooks/<slug:slug>/", views.runbook, name="runbook"),
    path("runbooks/<slug:slug>/read/", views.read, name="read"),
    path("runbooks/<slug:slug>/edit/", views.edit_runbook, name="edit_runbook"),
    path("runbooks/<slug:slug>/reactivate/", views.reactivate, name="reactivate"),
    path("runbooks/<slug:slug>/verify/", views.verify, name="verify"),
    path("runbooks/<slug:slug>/did-it-help/", feedback_views.did_it_help, name="did_it_help"),
    path("runbooks/<slug:slug>/did-it-help/more/", feedback_views.say_more, name="say_more"),
    path("runbooks/<slug:slug>/did-it-help/back/", feedback_views.take_back, name="take_back"),
    path("runbooks/<slug:slug>/deal-with/", feedback_views.deal_with, name="deal_with"),
]
