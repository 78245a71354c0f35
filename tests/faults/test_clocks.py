"""A clock that jumps, of the database or of a machine beside it: no job is lost, or done twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from incidents.health.queries import work
from incidents.jobs import claims
from incidents.jobs.claims import LEASE, complete, renew, take
from incidents.jobs.operations import owe
from incidents.lib.rate import Counter
from incidents.models import Job, JobState, Queue
from tests.jobs.conftest import Register, a_kind

__all__ = ["a_kind"]

pytestmark = pytest.mark.django_db

KNOWN = ["test.work"]
HOUR = timedelta(hours=1)
Jump = Callable[[timedelta], None]


@pytest.fixture
def jump(monkeypatch: pytest.MonkeyPatch) -> Jump:
    """From now on the database's clock is ahead by so much."""

    def by(ahead: timedelta) -> None:
        monkeypatch.setattr(claims, "Now", lambda: Now() + ahead)

    return by


@pytest.fixture
def owed(a_kind: Register) -> Job:
    a_kind()
    return owe("test.work", {}, at=timezone.now())


def test_beside_one_who_goes_on_another_begins_and_one_of_them_is_done(
    owed: Job, jump: Jump
) -> None:
    mine = take(Queue.LIGHT, KNOWN)
    jump(HOUR)
    other = take(Queue.LIGHT, KNOWN)

    # The fault was there: the lease is over, and its worker is not.
    assert mine
    assert other
    assert mine.pk == other.pk == owed.pk
    assert not renew(mine, done=1, total=2)
    assert not complete(mine, outcome="done")
    assert complete(other, outcome="done")
    assert Job.objects.get().state == JobState.DONE


def test_what_a_killed_worker_had_is_found_though_the_clock_went_back(
    owed: Job, jump: Jump
) -> None:
    jump(HOUR)
    assert take(Queue.LIGHT, KNOWN)
    jump(timedelta(0))

    assert take(Queue.LIGHT, KNOWN)


def test_by_its_lease_alone_it_would_not_be(owed: Job, jump: Jump) -> None:
    """The control: it is an hour away."""
    jump(HOUR)
    take(Queue.LIGHT, KNOWN)

    assert not Job.objects.filter(Q(lease_until__lt=Now() + 2 * LEASE)).exists()


def test_who_still_has_it_keeps_it_when_the_clock_went_back(owed: Job, jump: Jump) -> None:
    jump(HOUR)
    mine = take(Queue.LIGHT, KNOWN)
    jump(timedelta(0))

    assert mine
    assert renew(mine, done=1, total=2)
    assert take(Queue.LIGHT, KNOWN) is None
    assert complete(mine, outcome="done")


@pytest.mark.parametrize("ahead", [HOUR, -HOUR])
def test_what_a_machine_with_another_clock_owes_is_done_at_once(
    a_kind: Register, ahead: timedelta
) -> None:
    a_kind()
    made = owe("test.work", {}, at=timezone.now() + ahead)

    assert take(Queue.LIGHT, KNOWN) == made


def test_what_is_to_wait_waits_by_the_clock_of_the_database(a_kind: Register) -> None:
    a_kind()
    at = timezone.now() + HOUR
    owe("test.work", {}, at=at, due_at=at + timedelta(seconds=1))

    assert take(Queue.LIGHT, KNOWN) is None


def test_what_failed_waits_though_it_was_made_by_a_clock_that_is_ahead(a_kind: Register) -> None:
    """Its attempts would be over at once otherwise."""
    a_kind()
    owe("test.work", {}, at=timezone.now() + HOUR)
    mine = take(Queue.LIGHT, KNOWN)
    assert mine
    claims.put_off(mine, error="It did not work.", wait=timedelta(minutes=1))

    assert take(Queue.LIGHT, KNOWN) is None


def test_nothing_has_waited_for_less_than_no_time(a_kind: Register) -> None:
    a_kind()
    owe("test.work", {}, at=timezone.now())

    # Asked by a clock that is behind.
    assert [one.oldest for one in work(at=timezone.now() - HOUR)] == [0.0] * len(Queue)


def test_who_asks_too_often_is_counted_by_a_clock_that_nobody_sets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counter = Counter()
    counter.count("somebody", most=1)
    monkeypatch.setattr("time.time", lambda: 0.0)

    assert counter.count("somebody", most=1).is_over
