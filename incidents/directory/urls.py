"""Services, teams and people."""

from django.urls import path

from incidents.directory.tokens import views as tokens
from incidents.directory.views import people, services, teams

app_name = "directory"
urlpatterns = [
    path("services/", services.services, name="services"),
    path("services/new/", services.new_service, name="new_service"),
    path("services/<slug:slug>/", services.service, name="service"),
    path("services/<slug:slug>/edit/", services.edit_service, name="edit_service"),
    path("teams/", teams.teams, name="teams"),
    path("teams/new/", teams.new_team, name="new_team"),
    path("teams/<slug:slug>/", teams.team, name="team"),
    path("teams/<slug:slug>/edit/", teams.edit_team, name="edit_team"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="new_person"),
    path("people/<str:username>/", people.person, name="person"),
    path("people/<str:username>/edit/", people.edit_person, name="edit_person"),
    path("people/<str:username>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<str:username>/reactivate/", people.reactivate, name="reactivate"),
    path("people/<str:username>/password-link/", people.password_link, name="password_link"),
    path("me/", people.me, name="me"),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/new/", tokens.new_token, name="new_token"),
    path("me/tokens/<int:token>/revoke/", tokens.revoke_token, name="revoke_token"),
]
