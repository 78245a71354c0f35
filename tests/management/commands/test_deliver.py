from io import StringIO

import pytest
from django.core.management import call_command

from incidents.jobs.operations import owe
from incidents.jobs.work import CannotBeDone, Work
from incidents.models import Job, JobState
from tests.factories import NOW
from tests.jobs.conftest import Register, a_kind

pytestmark = pytest.mark.django_db

__all__ = ["a_kind"]


def refuse(work: Work) -> str:
    raise CannotBeDone("No.")


def test_it_works(a_kind: Register) -> None:
    a_kind()
    a_kind(refuse, name="test.refused")
    owe("test.work", {}, at=NOW)
    owe("test.refused", {}, at=NOW)
    output = StringIO()

    call_command("deliver", stdout=output)

    # Among it what is owed every day.
    count = Job.objects.exclude(state=JobState.OWED).count()
    assert count > 2
    assert output.getvalue() == f"{count} done now, 1 failed and are left to be looked at\n"
    assert not Job.objects.filter(state__in=[JobState.OWED, JobState.RUNNING]).exists()


def test_a_second_pass_finds_nothing() -> None:
    call_command("deliver", stdout=StringIO())
    output = StringIO()

    call_command("deliver", stdout=output)

    assert output.getvalue().startswith("0 done now")
