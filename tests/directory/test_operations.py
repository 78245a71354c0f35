"""Keeping the lists of services and teams."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from incidents.directory.operations import (
    LastAdministrator,
    change_person,
    change_service,
    change_team,
    create_service,
    create_team,
)
from incidents.history.slugs import SlugTaken
from incidents.models import Change, Role, SearchEntry, Service, Team, User
from incidents.runbooks.operations import create_runbook
from tests.factories import NOW, a_service, a_team, a_user
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    admin, member = a_user("admin"), a_user()

    team = create_team(values={"name": "Core", "members": [member]}, by=admin, at=NOW)
    service = create_service(values={"name": "Order API", "team": team}, by=admin, at=NOW)

    assert (team.slug, service.slug) == ("core", "order-api")
    assert list(Team.objects.get().members.all()) == [member]
    of_team, of_service = Change.objects.order_by("id")
    assert of_team.parts[0]["fields"]["members"] == [None, [member.pk]]
    assert (of_service.by, of_service.parts[0]["fields"]["team"]) == (admin, [None, team.pk])
    assert set(SearchEntry.objects.values_list("title", flat=True)) == {"Core", "Order API"}


def test_history_tells_who_joined_and_left() -> None:
    leaves, joins = a_user(), a_user()
    team = a_team(leaves)

    change_team(team, version=1, values={"members": [joins]}, by=a_user("admin"), at=NOW)

    assert list(team.members.all()) == [joins]
    assert Change.objects.get().parts[0]["fields"] == {"members": [[leaves.pk], [joins.pk]]}


def test_runbooks_are_found_by_the_new_name_of_a_service() -> None:
    service = create_service(values={"name": "Orders"}, by=None, at=NOW)
    create_runbook(values={"title": "Queue is full", "services": [service]}, by=None, at=NOW)

    change_service(service, version=1, values={"name": "Purchases"}, by=None, at=NOW)
    do_all_jobs()

    assert "Purchases" in SearchEntry.objects.get(kind="runbook").names


@pytest.mark.parametrize("make", [create_service, create_team])
def test_a_taken_slug_is_refused(make: object) -> None:
    a_service(slug="core")
    a_team(slug="core")

    with pytest.raises(SlugTaken):
        make(values={"name": "Core", "slug": "core"}, by=None, at=NOW)  # type: ignore[operator]

    assert (Service.objects.count(), Team.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_remove_each_other_at_once() -> None:
    one, other = a_user("admin"), a_user("admin")
    start = Barrier(2, timeout=20)

    def demote(victim: User, by: User) -> bool:
        try:
            start.wait()
            change_person(victim, version=1, values={"role": Role.READER}, by=by, at=NOW)
        except LastAdministrator:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(demote, [other, one], [one, other]))

    assert sorted(done) == [False, True]
    assert User.objects.filter(role=Role.ADMIN).count() == 1
