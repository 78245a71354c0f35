"""Follow-up across incidents."""

from django.urls import path

from incidents.action_items import views
from incidents.action_items.trackers import views as tracker_views

app_name = "action_items"
urlpatterns = [
    path("actions/", views.action_items, name="action_items"),
    path("actions/mine/", views.action_items, {"tab": "mine"}, name="mine"),
    path("actions/team/", views.action_items, {"tab": "team"}, name="team"),
    path("actions/late/", views.action_items, {"tab": "late"}, name="late"),
    path("actions/verify/", views.action_items, {"tab": "verify"}, name="to_verify"),
    path("actions/burn-up/", views.burn_up, name="burn_up"),
    path("actions/change/", views.bulk_change, name="bulk_change"),
    path("actions/new/", views.new_action_item, name="new_action_item"),
    path("actions/<action_ref:number>/", views.action_item, name="action_item"),
    path("actions/<action_ref:number>/edit/", views.edit_action_item, name="edit_action_item"),
    path("actions/<action_ref:number>/start/", views.start, name="start"),
    path("actions/<action_ref:number>/complete/", views.complete, name="complete"),
    path("actions/<action_ref:number>/decline/", views.decline, name="decline"),
    path("actions/<action_ref:number>/reopen/", views.reopen, name="reopen"),
    path("actions/<action_ref:number>/verify/", views.verify, name="verify"),
    path("hooks/github/", tracker_views.github, name="github"),
    path("hooks/gitlab/", tracker_views.gitlab, name="gitlab"),
    path("hooks/jira/", tracker_views.jira, name="jira"),
]
