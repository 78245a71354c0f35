"""Whoever looks after a runbook hears when it is due, and when somebody says that it is wrong."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from incidents.jobs.operations import owe
from incidents.models import Event, Job, Message, Runbook, Said, User
from incidents.runbooks.feedback.operations import say, say_more
from incidents.runbooks.operations import remind_of_verification, verify_runbook
from tests.factories import NOW, a_runbook, a_team, a_user
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db

DUE_AT = datetime(2026, 3, 14, 0, 30, tzinfo=UTC)


@pytest.fixture
def owner() -> User:
    return a_user(username="ada")


@pytest.fixture
def room(owner: User) -> Runbook:
    verified = (DUE_AT - timedelta(days=365)).date()
    return a_runbook(title="Make room", slug="room", owner=owner, last_verified_date=verified)


def told(event: Event) -> list[tuple[Any, str]]:
    rows = Message.objects.filter(event=event, person__isnull=False).order_by("pk")
    return [(row.person, row.detail) for row in rows]


class TestVerification:
    def test_it_works(self, room: Runbook, owner: User) -> None:
        a_runbook(owner=owner, last_verified_date=DUE_AT.date())
        owe("runbooks.remind", {}, at=DUE_AT)
        do_all_jobs(at=DUE_AT)
        assert Job.objects.get(kind="runbooks.remind").outcome == "Runbooks to be verified: 1"
        assert told(Event.RUNBOOK_DUE) == [(owner, "Due by 2026-03-14.")]
        assert Message.objects.get().about == room

    def test_one_is_told_once_of_each_due_date(self, room: Runbook, owner: User) -> None:
        for days in range(3):
            remind_of_verification(by=None, at=DUE_AT + timedelta(days=days))
        assert len(told(Event.RUNBOOK_DUE)) == 1
        verify_runbook(room, version=room.version, by=a_user(), at=DUE_AT)
        for days in (364, 365, 366):
            remind_of_verification(by=None, at=DUE_AT + timedelta(days=days))
        assert [detail for _, detail in told(Event.RUNBOOK_DUE)] == [
            "Due by 2026-03-14.",
            "Due by 2027-03-14.",
        ]

    def test_a_team_hears_where_there_is_no_owner(self, room: Runbook, owner: User) -> None:
        member, gone = a_user(), a_user(is_active=False)
        team = a_team()
        team.members.set([member, gone])
        a_runbook(team=team, last_verified_date=room.last_verified_date)
        User.objects.filter(pk=owner.pk).update(is_active=False)
        Runbook.objects.filter(pk=room.pk).update(team=team)
        remind_of_verification(by=None, at=DUE_AT)
        assert [person for person, _ in told(Event.RUNBOOK_DUE)] == [member, member]

    def test_where_nobody_looks_after_it_nobody_hears(self, room: Runbook) -> None:
        Runbook.objects.update(owner=None)
        assert remind_of_verification(by=None, at=DUE_AT) == 1
        assert told(Event.RUNBOOK_DUE) == []

    def test_of_a_retired_one_neither(self, room: Runbook) -> None:
        Runbook.objects.update(state="retired")
        assert remind_of_verification(by=None, at=DUE_AT) == 0

    def test_more_runbooks_are_not_more_queries(
        self, room: Runbook, owner: User, django_assert_max_num_queries: Any
    ) -> None:
        team = a_team()
        team.members.add(a_user())
        with django_assert_max_num_queries(60) as few:
            remind_of_verification(by=None, at=DUE_AT)
        for _ in range(20):
            a_runbook(owner=owner, team=team, last_verified_date=room.last_verified_date)
        Message.objects.all().delete()
        with django_assert_max_num_queries(len(few) + 2):
            remind_of_verification(by=None, at=DUE_AT)


class TestFaults:
    def test_the_owner_hears_of_it(self, client: Client, room: Runbook, owner: User) -> None:
        reader = a_user("reader")
        client.force_login(reader)
        client.post("/runbooks/room/did-it-help/", {"said": "missing_step"})
        assert told(Event.RUNBOOK_WRONG) == [(owner, "A step is missing.")]
        assert Message.objects.get().by == reader

    def test_of_the_same_only_once_and_of_the_note(self, room: Runbook, owner: User) -> None:
        reader = a_user("reader")
        for said in (Said.WRONG, Said.HELPED, Said.WRONG, Said.OUTDATED):
            verdict = say(room, said=said, by=reader, at=NOW)
        for note in ("Step <3> is old.", "Step <4> too."):
            say_more(verdict, note=note, by=reader, at=NOW)
        assert told(Event.RUNBOOK_WRONG) == [
            (owner, "It is wrong."),
            (owner, "It is outdated."),
            (owner, "It is outdated. There is a note to it."),
        ]

    def test_of_what_helped_nobody_hears(self, room: Runbook) -> None:
        verdict = say(room, said=Said.HELPED, by=a_user("reader"), at=NOW)
        say_more(verdict, note="Saved the night.", by=a_user("reader"), at=NOW)
        assert told(Event.RUNBOOK_WRONG) == []

    def test_who_owns_it_does_not_hear_of_what_they_said(self, room: Runbook, owner: User) -> None:
        say(room, said=Said.WRONG, by=owner, at=NOW)
        assert told(Event.RUNBOOK_WRONG) == []
