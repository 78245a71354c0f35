from datetime import UTC, datetime, timedelta

import pytest

from incidents.jobs.slots import Slots, slot
from incidents.models import Job
from tests.factories import NOW
from tests.faults.threads import at_once
from tests.jobs.conftest import Register
from tests.jobs.doing import do_all_jobs

HOUR = timedelta(hours=1)


def owed() -> int:
    return Job.objects.filter(kind="test.work").count()


@pytest.mark.django_db
def test_it_works(a_kind: Register) -> None:
    a_kind(every=HOUR)
    slots = Slots()
    slots.owe(at=NOW)
    assert owed() == 1

    slots.owe(at=NOW + HOUR)
    assert owed() == 2


@pytest.mark.django_db
def test_a_stretch_has_one_however_often_anybody_looks(a_kind: Register) -> None:
    a_kind(every=HOUR)
    slots = Slots()
    slots.owe(at=NOW)
    slots.owe(at=NOW + HOUR / 2)
    Slots().owe(at=NOW + HOUR / 2)
    do_all_jobs(at=NOW + HOUR / 2)
    Slots().owe(at=NOW + HOUR / 2)

    assert owed() == 1


@pytest.mark.django_db
def test_a_night_without_anybody_is_not_made_up_for(a_kind: Register) -> None:
    a_kind(every=HOUR)
    Slots().owe(at=NOW)
    Slots().owe(at=NOW + 9 * HOUR)

    assert owed() == 2


@pytest.mark.django_db
def test_looking_again_costs_nothing(
    a_kind: Register, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    a_kind(every=HOUR)
    slots = Slots()
    slots.owe(at=NOW)
    with django_assert_num_queries(0):  # type: ignore[operator]
        slots.owe(at=NOW + HOUR / 2)


@pytest.mark.django_db(transaction=True)
def test_many_who_look_at_once_owe_it_once(a_kind: Register) -> None:
    a_kind(every=HOUR)
    at_once(lambda _: Slots().owe(at=NOW), range(16))

    assert owed() == 1


def test_stretches_begin_at_full_hours_and_days() -> None:
    at = datetime(2026, 3, 14, 14, 37, 5, tzinfo=UTC)

    assert slot(at, HOUR) == datetime(2026, 3, 14, 14, tzinfo=UTC)
    assert slot(at, timedelta(days=1)) == datetime(2026, 3, 14, tzinfo=UTC)
    assert slot(slot(at, HOUR), HOUR) == slot(at, HOUR)
