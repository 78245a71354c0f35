from datetime import timedelta

import pytest
from django.db import transaction

from incidents.jobs.kinds import UnknownKind, WrongArguments
from incidents.jobs.operations import (
    NothingToRetry,
    owe,
    owe_batch,
    retry_failed,
    retry_job,
)
from incidents.jobs.work import CannotBeDone, Work
from incidents.models import Batch, Job, JobState, Queue
from tests.factories import NOW, a_user
from tests.jobs.conftest import Register
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db


def refuse(work: Work) -> str:
    raise CannotBeDone("Not like this.")


def remind(work: Work, *, person: int, twice: bool = False) -> str:
    return f"Reminded {person}"


def test_it_works(a_kind: Register) -> None:
    a_kind(remind)
    somebody = a_user()

    job = owe("test.work", {"person": 7}, at=NOW, by=somebody)

    kept = Job.objects.get()
    assert kept == job
    assert (kept.kind, kept.arguments, kept.queue) == ("test.work", {"person": 7}, Queue.LIGHT)
    assert (kept.state, kept.made_at, kept.due_at, kept.by) == (JobState.OWED, NOW, NOW, somebody)
    assert do_all_jobs() == 1
    kept.refresh_from_db()
    assert (kept.state, kept.outcome, kept.attempts) == (JobState.DONE, "Reminded 7", 1)
    assert kept.ended_at
    assert do_all_jobs() == 0


def test_what_is_rolled_back_is_not_owed(a_kind: Register) -> None:
    a_kind()
    with transaction.atomic():
        owe("test.work", {}, at=NOW)
        transaction.set_rollback(True)

    assert not Job.objects.exists()


def test_it_waits_until_it_is_due(a_kind: Register) -> None:
    a_kind()
    owe("test.work", {}, at=NOW, due_at=NOW + timedelta(hours=1))

    assert do_all_jobs(at=NOW + timedelta(minutes=59)) == 0
    assert do_all_jobs(at=NOW + timedelta(minutes=60)) == 1


def test_the_same_key_is_owed_once(a_kind: Register) -> None:
    a_kind(remind)
    first = owe("test.work", {"person": 7}, at=NOW, key="remind 7")
    again = owe("test.work", {"person": 7}, at=NOW, key="remind 7")
    do_all_jobs()
    done = owe("test.work", {"person": 7}, at=NOW, key="remind 7")
    other = owe("test.work", {"person": 8}, at=NOW, key="remind 8")

    assert first == again == done
    assert done.state == JobState.DONE
    assert other != first


def test_without_a_key_each_is_owed(a_kind: Register) -> None:
    a_kind()
    owe("test.work", {}, at=NOW)
    owe("test.work", {}, at=NOW)

    assert do_all_jobs() == 2


def test_a_kind_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownKind, match=r"nobody\.knows"):
        owe("nobody.knows", {}, at=NOW)


@pytest.mark.parametrize("arguments", [{}, {"person": 1, "shout": True}, {"Person": 1}])
def test_arguments_that_the_handler_does_not_take_are_refused(
    a_kind: Register, arguments: dict[str, int]
) -> None:
    a_kind(remind)
    with pytest.raises(WrongArguments):
        owe("test.work", arguments, at=NOW)
    with pytest.raises(WrongArguments):
        owe_batch("Reminders", "test.work", [arguments], at=NOW)

    assert not Batch.objects.exists()


def test_a_batch_is_counted_at_every_moment(a_kind: Register) -> None:
    def deliver(work: Work, *, to: int) -> str:
        if to == 3:
            raise CannotBeDone("No address.")
        return "sent"

    a_kind(deliver)
    batch = owe_batch("Reminders of 14 March", "test.work", [{"to": n} for n in range(5)], at=NOW)

    def counts() -> tuple[int, int, int, int]:
        row = Batch.objects.counted().get(pk=batch.pk)
        return row.total, row.done, row.failed, row.left

    assert counts() == (5, 0, 0, 5)
    do_all_jobs()
    assert counts() == (5, 4, 1, 0)


def test_what_failed_is_tried_again(a_kind: Register) -> None:
    a_kind(refuse)
    job = owe("test.work", {}, at=NOW)
    do_all_jobs()
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "Not like this.")

    administrator = a_user("admin")
    retry_job(job, by=administrator, at=NOW)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.by) == (JobState.OWED, 0, administrator)
    assert job.ended_at is None
    assert do_all_jobs() == 1


def test_what_has_not_failed_is_not_tried_again(a_kind: Register) -> None:
    a_kind()
    job = owe("test.work", {}, at=NOW)
    with pytest.raises(NothingToRetry):
        retry_job(job, by=None, at=NOW)
    do_all_jobs()
    with pytest.raises(NothingToRetry):
        retry_job(job, by=None, at=NOW)


def test_all_that_failed_of_a_kind_is_tried_again(a_kind: Register) -> None:
    a_kind(refuse)
    a_kind(refuse, name="test.other")
    for name in ("test.work", "test.work", "test.other"):
        owe(name, {}, at=NOW)
    do_all_jobs()

    assert retry_failed("test.work", by=None, at=NOW) == 2
    assert retry_failed("test.work", by=None, at=NOW) == 0
    assert Job.objects.filter(state=JobState.FAILED).get().kind == "test.other"
