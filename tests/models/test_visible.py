"""Of shared words those may be known of that stand in a record which may be known of."""

from collections.abc import Callable

import pytest
from django.db import connection

from incidents.models import Factor, Incident, Knob, RunbookUse, Tag, User, Visibility
from tests.factories import (
    a_contributing_factor,
    a_delta,
    a_factor,
    a_knob,
    a_restricted_incident,
    a_runbook,
    a_user,
    an_incident,
)

pytestmark = pytest.mark.django_db


def open_record(_person: User) -> Incident:
    return an_incident()


def hidden_record(_person: User) -> Incident:
    return a_restricted_incident()


def record_naming_them(person: User) -> Incident:
    return a_restricted_incident(person)


# In which records an entry stands, and whether the person may know of it.
CASES: list[tuple[list[Callable[[User], Incident]], bool]] = [
    ([], True),
    ([open_record], True),
    ([hidden_record], False),
    ([hidden_record, hidden_record], False),
    ([hidden_record, open_record], True),
    ([record_naming_them], True),
    ([hidden_record, record_naming_them], True),
]


@pytest.mark.parametrize(("records", "known"), CASES)
def test_factors(records: list[Callable[[User], Incident]], known: bool) -> None:
    person, factor = a_user(), a_factor()
    for record in records:
        a_contributing_factor(record(person), factor=factor)
    assert Factor.objects.visible_to(person).filter(pk=factor.pk).exists() == known


@pytest.mark.parametrize(("records", "known"), CASES)
@pytest.mark.parametrize("is_assumed", [False, True])
def test_knobs(records: list[Callable[[User], Incident]], known: bool, is_assumed: bool) -> None:
    person, knob = a_user(), a_knob()
    for record in records:
        a_delta(record(person), knob=knob)
    if is_assumed:
        a_runbook().knobs.set([knob])
    assert Knob.objects.visible_to(person).filter(pk=knob.pk).exists() == (known or is_assumed)


@pytest.mark.parametrize(("records", "known"), CASES)
def test_tags(records: list[Callable[[User], Incident]], known: bool) -> None:
    person, tag = a_user(), Tag.objects.create(name="capacity")
    for record in records:
        record(person).tags.add(tag)
    # One on no record has nothing to find.
    assert (tag in Tag.objects.on_visible_records(person)) == (known and bool(records))


def test_uses_of_runbooks_are_the_same_either_way() -> None:
    person, gone = a_user(), a_user(is_active=False)
    for record in (open_record, hidden_record, record_naming_them):
        RunbookUse.objects.create(incident=record(person), runbook=a_runbook(), served="helped")

    for who, count in ((person, 2), (gone, 0)):
        uses = set(RunbookUse.objects.visible_in_any(who))
        assert uses == set(RunbookUse.objects.visible_to(who))
        assert len(uses) == count


def test_what_is_hidden_is_all_that_is_not_visible() -> None:
    person, nobody = a_user(), a_user(is_active=False)
    open_record(person)
    record_naming_them(person)
    hidden = hidden_record(person)

    assert list(Incident.objects.hidden_from(person)) == [hidden]
    for who in (person, nobody):
        visible = set(Incident.objects.visible_to(who))
        restricted = Incident.objects.filter(visibility=Visibility.RESTRICTED)
        assert set(Incident.objects.hidden_from(who)) == set(restricted) - visible


def test_no_query_is_compiled() -> None:
    """To compile one took as long as to run it, and no page is asked that often."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW jit")
            assert cursor.fetchone() == ("off",)
