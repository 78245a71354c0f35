"""Teams: the list, the page, and who may say who is in them."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.models import Change, Incident, Team
from tests.factories import (
    a_form,
    a_restricted_incident,
    a_service,
    a_team,
    a_user,
    an_action_item,
)

pytestmark = pytest.mark.django_db


def form(**fields: object) -> dict[str, object]:
    return {"version": 1, "name": "Core", "slug": "core", **fields}


def test_it_works(client: Client) -> None:
    admin, member = a_user("admin"), a_user()
    client.force_login(admin)

    answer = client.post("/teams/new/", a_form(name="Core", members=[member.pk]))

    assert answer["Location"] == "/teams/core/"
    assert list(Team.objects.get().members.all()) == [member]
    assert Change.objects.get().by == admin


def test_joining_opens_what_names_the_team_and_the_form_says_so(client: Client) -> None:
    team, newcomer = a_team(name="Core", slug="core"), a_user()
    secret = a_restricted_incident(teams=(team,), title="The secret thing")
    client.force_login(a_user("admin"))

    text = client.get("/teams/core/edit/").content.decode()
    assert "see the restricted incidents that name this team" in text
    assert "secret" not in text
    client.post("/teams/core/edit/", form(members=[newcomer.pk]))

    assert list(Incident.objects.visible_to(newcomer)) == [secret]


def test_leaving_closes_it_again(client: Client) -> None:
    member = a_user()
    team = a_team(member, name="Core", slug="core")
    a_restricted_incident(teams=(team,))
    client.force_login(a_user("admin"))

    client.post("/teams/core/edit/", form())

    assert not Incident.objects.visible_to(member).exists()


@pytest.mark.parametrize("role", ["reader", "editor"])
def test_only_administrators_say_who_is_in_a_team(client: Client, role: str) -> None:
    me = a_user(role)
    team = a_team(name="Core", slug="core")
    client.force_login(me)

    assert client.post("/teams/core/edit/", form(members=[me.pk])).status_code == 403
    assert client.post("/teams/new/", a_form(name="Mine", members=[me.pk])).status_code == 403
    assert client.get("/teams/core/edit/").status_code == 403
    assert not team.members.exists()


def test_a_member_whose_account_is_closed_stays_one(client: Client) -> None:
    left = a_user(is_active=False)
    team = a_team(left, name="Core", slug="core")
    client.force_login(a_user("admin"))

    client.post("/teams/core/edit/", form(members=[left.pk], description="More"))

    assert list(team.members.all()) == [left]


def test_the_second_saver_sees_both_lists(client: Client) -> None:
    a_team(name="Core", slug="core")
    hers, his = a_user(), a_user()
    client.force_login(a_user("admin"))
    client.post("/teams/core/edit/", form(members=[hers.pk]))

    answer = client.post("/teams/core/edit/", form(members=[his.pk]))

    assert answer.status_code == 409
    (both,) = answer.context["form"].conflicts
    assert (hers.username in both.saved, his.username in both.wanted) == (True, True)


def test_the_page_shows_what_the_reader_may_see(client: Client) -> None:
    member = a_user(username="grace")
    team = a_team(member, a_user(username="gone", is_active=False), slug="core")
    a_service(name="Orders", team=team)
    an_action_item(title="Open to all", team=team)
    secret = a_restricted_incident(member)
    an_action_item(title="The secret thing", team=team, incident=secret)

    client.force_login(a_user("reader"))
    answer = client.get("/teams/core/")

    text = answer.content.decode()
    for part in ("grace", "Orders", "Open to all"):
        assert part in text
    for part in ("gone", "secret", secret.reference):
        assert part not in text
    assert answer.context["action_count"] == 1
    (row,) = client.get("/teams/").context["page"]
    assert (row.member_count, row.service_count, row.action_count) == (1, 1, 1)
    client.force_login(member)
    assert "The secret thing" in client.get("/teams/core/").content.decode()


def test_more_rows_are_not_more_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(a_user())
    for number in (3, 27):
        for _ in range(number):
            an_action_item(team=a_team(a_user()))
        with django_assert_max_num_queries(5):
            client.get("/teams/")
