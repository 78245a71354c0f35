from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from incidents.jobs.claims import LEASE, give_back, is_work, renew, take
from incidents.jobs.operations import owe
from incidents.models import Job, JobState, Queue
from tests.factories import NOW
from tests.faults.threads import at_once
from tests.jobs.conftest import Register

KNOWN = ["test.work"]
pytestmark = pytest.mark.django_db


def test_it_works(a_kind: Register) -> None:
    a_kind()
    owed = owe("test.work", {}, at=NOW)
    assert is_work(Queue.LIGHT, KNOWN)

    job = take(Queue.LIGHT, KNOWN)

    assert job == owed
    assert (job.state, job.attempts) == (JobState.RUNNING, 1)
    assert job.lease_until
    assert job.begun_at
    assert abs(job.lease_until - job.begun_at - LEASE) < timedelta(seconds=1)
    assert abs(job.begun_at - timezone.now()) < timedelta(minutes=1)
    assert not is_work(Queue.LIGHT, KNOWN)
    assert take(Queue.LIGHT, KNOWN) is None


def test_each_queue_has_its_own(a_kind: Register) -> None:
    a_kind(queue=Queue.HEAVY)
    owe("test.work", {}, at=NOW)

    assert take(Queue.LIGHT, KNOWN) is None
    assert take(Queue.HEAVY, KNOWN)


def test_what_has_been_due_for_longest_is_first(a_kind: Register) -> None:
    a_kind()
    second = owe("test.work", {}, at=NOW, due_at=NOW)
    first = owe("test.work", {}, at=NOW, due_at=NOW - timedelta(seconds=1))
    third = owe("test.work", {}, at=NOW, due_at=NOW)

    assert [take(Queue.LIGHT, KNOWN) for _ in range(3)] == [first, second, third]


def test_what_is_not_due_waits(a_kind: Register) -> None:
    a_kind()
    owe("test.work", {}, at=NOW, due_at=timezone.now() + timedelta(minutes=5))

    assert not is_work(Queue.LIGHT, KNOWN)
    assert take(Queue.LIGHT, KNOWN) is None


def test_a_lease_that_ran_out_lets_another_have_it(a_kind: Register) -> None:
    a_kind()
    owe("test.work", {}, at=NOW)
    first = take(Queue.LIGHT, KNOWN)
    assert first
    Job.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert is_work(Queue.LIGHT, KNOWN)

    second = take(Queue.LIGHT, KNOWN)

    assert second == first
    assert second.attempts == 2
    assert not renew(first, done=1, total=2)
    assert renew(second, done=1, total=2)


def test_a_lease_that_ran_out_is_kept_by_who_was_not_overtaken(a_kind: Register) -> None:
    a_kind()
    owe("test.work", {}, at=NOW)
    job = take(Queue.LIGHT, KNOWN)
    assert job
    Job.objects.update(lease_until=Now() - timedelta(seconds=1))

    assert renew(job, done=1, total=2)
    assert take(Queue.LIGHT, KNOWN) is None
    job.refresh_from_db()
    assert (job.progress_done, job.progress_total) == (1, 2)


def test_what_is_given_back_is_as_it_was(a_kind: Register) -> None:
    a_kind()
    owe("test.work", {}, at=NOW)
    job = take(Queue.LIGHT, KNOWN)
    assert job

    assert give_back(job)
    assert not give_back(job)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.due_at) == (JobState.OWED, 0, NOW)


@pytest.mark.django_db(transaction=True)
def test_many_who_take_at_once_take_each_job_once(a_kind: Register) -> None:
    a_kind()
    for _ in range(40):
        owe("test.work", {}, at=NOW)

    taken = at_once(lambda _: take(Queue.LIGHT, KNOWN), range(60))

    keys = [job.pk for job in taken if job]
    assert len(keys) == len(set(keys)) == 40
