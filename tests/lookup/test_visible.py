"""What is asked is kept for a person; what is answered never is."""

from typing import Any

import pytest
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from incidents.lookup.visible import VISIBLE, visible
from incidents.models import FoundKind, Incident, Reach, User
from tests.factories import a_restricted_incident, a_user, an_incident

pytestmark = pytest.mark.django_db


def seen(user: User) -> set[Incident]:
    return set(visible([FoundKind.INCIDENT], user=user)[FoundKind.INCIDENT])


def test_the_same_question_has_another_answer_when_something_changed() -> None:
    reader = a_user("reader")
    assert seen(reader) == set()
    incident = an_incident()
    hidden = a_restricted_incident()
    assert seen(reader) == {incident}
    hidden.allowed_people.add(reader)
    assert seen(reader) == {incident, hidden}


def test_it_is_asked_anew_of_who_may_know_less_now() -> None:
    reader = a_user("reader")
    own, _other = an_incident(owner=reader), an_incident()
    assert len(seen(reader)) == 2
    reader.reach = Reach.OWN
    assert seen(reader) == {own}
    reader.reach, reader.is_active = Reach.ALL, False
    assert seen(reader) == set()


def test_it_is_asked_for_each_person() -> None:
    named, other = a_user("reader"), a_user("reader")
    hidden = a_restricted_incident(named)
    assert (seen(named), seen(other)) == ({hidden}, set())


def asks(rows: QuerySet[Any]) -> str:
    try:
        return str(rows.query)
    except EmptyResultSet:
        return "nothing"


@pytest.mark.parametrize("kind", VISIBLE)
def test_every_kind_is_answered_as_if_it_were_not_kept(kind: FoundKind) -> None:
    """Until `visible_to` asks for something of a person that the kept question does not."""
    reader = a_user("reader")
    for reach in Reach:
        reader.reach = reach
        for reader.is_active in (True, False):
            for reader.role in ("reader", "editor", "admin"):
                kept = visible([kind], user=reader)[kind]
                assert asks(kept) == asks(VISIBLE[kind](reader))
