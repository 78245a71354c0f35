"""What is done is forgotten after a while; what failed is not."""

from datetime import timedelta

import pytest

from incidents.jobs.operations import owe, owe_batch
from incidents.jobs.slots import Slots
from incidents.jobs.tasks import forget
from incidents.jobs.work import CannotBeDone, Work
from incidents.models import Batch, Job, JobState
from tests.factories import NOW
from tests.jobs.conftest import Register
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db

LONG_AGO = NOW - timedelta(days=31)


def sometimes(work: Work, *, well: bool) -> str:
    if not well:
        raise CannotBeDone("No.")
    return "yes"


def forget_at_now() -> str:
    return forget(Work(Job(kind="jobs.forget"), NOW))


def end_long_ago() -> None:
    do_all_jobs()
    Job.objects.filter(state__in=[JobState.DONE, JobState.FAILED]).update(ended_at=LONG_AGO)
    Batch.objects.update(made_at=LONG_AGO)


def test_it_works(a_kind: Register) -> None:
    a_kind(sometimes)
    owe("test.work", {"well": True}, at=NOW)
    end_long_ago()
    recent = owe("test.work", {"well": True}, at=NOW)
    do_all_jobs()
    Job.objects.filter(pk=recent.pk).update(ended_at=NOW - timedelta(days=29))

    assert forget_at_now() == "Forgot 1 that were done before 2026-02-12"
    assert list(Job.objects.all()) == [recent]


def test_what_failed_or_is_owed_stays(a_kind: Register) -> None:
    a_kind(sometimes)
    failed = owe("test.work", {"well": False}, at=NOW)
    end_long_ago()
    owed = owe("test.work", {"well": True}, at=LONG_AGO)
    forget_at_now()

    assert set(Job.objects.all()) == {failed, owed}


def test_a_batch_goes_as_a_whole(a_kind: Register) -> None:
    a_kind(sometimes)
    owe_batch("All well", "test.work", [{"well": True}] * 3, at=NOW)
    kept = owe_batch("One failed", "test.work", [{"well": True}, {"well": False}], at=NOW)
    end_long_ago()
    forget_at_now()

    [batch] = Batch.objects.counted()
    assert batch == kept
    assert (batch.total, batch.done, batch.failed) == (2, 1, 1)


def test_what_stands_for_the_present_stretch_stays(a_kind: Register) -> None:
    a_kind(name="test.yearly", every=timedelta(days=365))
    Slots().owe(at=LONG_AGO)
    end_long_ago()
    forget_at_now()
    Slots().owe(at=NOW)

    assert Job.objects.filter(kind="test.yearly").count() == 1
