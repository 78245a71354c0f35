from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from incidents.jobs.claims import take
from incidents.jobs.kinds import KINDS
from incidents.jobs.operations import owe
from incidents.jobs.running import in_words, run
from incidents.jobs.work import CannotBeDone, LeaseLost, NotYet, TryLater, Work
from incidents.models import Job, JobState, Queue, Tag
from tests.factories import NOW
from tests.jobs.conftest import Register
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db


def write_a_tag(work: Work, *, name: str) -> str:
    Tag.objects.create(name=name)
    return "written"


def overtake(job: Job) -> None:
    """As if the lease had run out, and another worker had taken the job."""
    Job.objects.filter(pk=job.pk).update(token="another's")


def test_what_it_writes_and_its_end_are_kept_together(a_kind: Register) -> None:
    a_kind(write_a_tag)
    job = owe("test.work", {"name": "checkout"}, at=NOW)
    do_all_jobs()

    job.refresh_from_db()
    assert (job.state, job.outcome, job.error) == (JobState.DONE, "written", "")
    assert Tag.objects.get().name == "checkout"


def test_what_it_wrote_is_taken_back_with_an_error(
    a_kind: Register, caplog: pytest.LogCaptureFixture
) -> None:
    def break_after(work: Work) -> str:
        Tag.objects.create(name="checkout")
        raise RuntimeError("Of INC-1, “The secret migration”")

    a_kind(break_after)
    job = owe("test.work", {}, at=NOW)
    do_all_jobs()

    job.refresh_from_db()
    assert not Tag.objects.exists()
    assert job.state == JobState.OWED
    assert job.due_at > NOW
    # The log has its words; people are told what it was and where.
    assert job.error.startswith("RuntimeError (tests/jobs/test_running.py, line ")
    assert "The secret migration" in caplog.text


def test_it_is_tried_as_often_as_its_kind_says(
    a_kind: Register, caplog: pytest.LogCaptureFixture
) -> None:
    def never(work: Work) -> str:
        raise RuntimeError

    a_kind(never, attempts=3)
    job = owe("test.work", {}, at=NOW)
    far = job.made_at.replace(year=2100)

    assert do_all_jobs(at=far) == 3
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.FAILED, 3)


def test_waits_grow_and_are_drawn(a_kind: Register) -> None:
    kind = a_kind(first_wait=timedelta(seconds=10), longest_wait=timedelta(minutes=1))

    def longest(attempts: int) -> timedelta:
        drawn = [kind.wait_after(attempts) for _ in range(500)]
        assert len(set(drawn)) > 1
        return max(drawn)

    assert timedelta(seconds=8) < longest(1) <= timedelta(seconds=10)
    assert timedelta(seconds=16) < longest(2) <= timedelta(seconds=20)
    assert longest(50) <= timedelta(minutes=1)


def test_what_cannot_be_done_fails_at_once(a_kind: Register) -> None:
    def refuse(work: Work) -> str:
        raise CannotBeDone("There is no such person.")

    a_kind(refuse)
    job = owe("test.work", {}, at=NOW)

    assert do_all_jobs() == 1
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "There is no such person.")


def test_what_was_not_tried_counts_as_no_attempt(a_kind: Register) -> None:
    until = timezone.now() + timedelta(hours=1)

    def wait(work: Work) -> str:
        raise NotYet("They do not answer.", until=until)

    a_kind(wait, attempts=1)
    job = owe("test.work", {}, at=NOW)
    assert do_all_jobs() == 1

    job.refresh_from_db()
    assert (job.state, job.attempts, job.due_at) == (JobState.OWED, 0, until)
    assert job.error == "They do not answer."


def test_later_is_when_the_handler_says(a_kind: Register) -> None:
    def later(work: Work) -> str:
        raise TryLater("They ask for a pause.", after=timedelta(days=1))

    a_kind(later, attempts=2)
    job = owe("test.work", {}, at=NOW)
    do_all_jobs()
    job.refresh_from_db()
    first_due = job.due_at

    assert job.state == JobState.OWED
    assert job.error == "They ask for a pause."
    assert do_all_jobs(at=first_due - timedelta(minutes=1)) == 0
    # It counts as an attempt, or it would never end.
    assert do_all_jobs(at=first_due) == 1
    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_arguments_of_another_version_fail_and_stay_to_be_seen(a_kind: Register) -> None:
    a_kind(write_a_tag)
    job = owe("test.work", {"name": "checkout"}, at=NOW)
    Job.objects.update(arguments={"tag": "checkout"})
    do_all_jobs()

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "does not take these arguments" in job.error


def test_work_of_a_kind_that_is_not_known_is_left_alone(a_kind: Register) -> None:
    a_kind()
    job = owe("test.work", {}, at=NOW)
    Job.objects.update(kind="of.tomorrow")

    assert do_all_jobs() == 0
    job.refresh_from_db()
    assert job.state == JobState.OWED


def test_who_was_overtaken_takes_back_what_it_did(a_kind: Register) -> None:
    a_kind(write_a_tag)
    owe("test.work", {"name": "checkout"}, at=NOW)
    job = take(Queue.LIGHT, KINDS.keys())
    assert job
    overtake(job)
    run(job)

    job.refresh_from_db()
    assert not Tag.objects.exists()
    assert (job.state, job.token) == (JobState.RUNNING, "another's")


def test_outside_a_transaction_effects_are_kept_with_the_end(a_kind: Register) -> None:
    def send(work: Work) -> str:
        with work.completing("sent"):
            Tag.objects.create(name="sent")
        return "not read"

    a_kind(send, outside_transaction=True)
    job = owe("test.work", {}, at=NOW)
    do_all_jobs()

    job.refresh_from_db()
    assert (job.state, job.outcome) == (JobState.DONE, "sent")
    assert Tag.objects.exists()


def test_outside_a_transaction_who_was_overtaken_keeps_nothing(a_kind: Register) -> None:
    def send(work: Work) -> str:
        overtake(work.job)
        with work.completing("sent"):
            Tag.objects.create(name="sent")
        return ""

    a_kind(send, outside_transaction=True)
    owe("test.work", {}, at=NOW)
    job = take(Queue.LIGHT, KINDS.keys())
    assert job
    run(job)

    job.refresh_from_db()
    assert not Tag.objects.exists()
    assert job.state == JobState.RUNNING


def test_outside_a_transaction_the_words_alone_are_an_end_too(a_kind: Register) -> None:
    a_kind(lambda work: "nothing to do", outside_transaction=True)
    job = owe("test.work", {}, at=NOW)
    do_all_jobs()

    job.refresh_from_db()
    assert (job.state, job.outcome) == (JobState.DONE, "nothing to do")


def test_work_that_kills_its_worker_ends_failed(a_kind: Register) -> None:
    a_kind(write_a_tag, attempts=3)
    job = owe("test.work", {"name": "checkout"}, at=NOW)
    for _ in range(3):
        # Taken, and never heard of again.
        assert take(Queue.LIGHT, KINDS.keys())
        Job.objects.update(lease_until=NOW)

    assert do_all_jobs() == 1
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "killed" in job.error
    assert not Tag.objects.exists()


def test_who_lost_the_lease_need_not_go_on(a_kind: Register) -> None:
    work = Work(Job(kind="test.work"), NOW)
    work.progress(1, 3)
    work.lost.set()

    with pytest.raises(LeaseLost):
        work.progress(2, 3)


def test_what_others_answered_is_told_and_what_the_database_holds_is_not() -> None:
    assert in_words(ConnectionRefusedError(111, "Connection refused")).startswith(
        "ConnectionRefusedError: [Errno 111] Connection refused"
    )
    assert in_words(IntegrityError("Failing row contains (42, The secret)")) == "IntegrityError"
