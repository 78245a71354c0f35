"""A worker that is stopped at a long job ends in its unit's time, and gives it back."""

import subprocess
from pathlib import Path
from unittest import mock

import pytest
from django.utils import timezone

from incidents.jobs.kinds import KINDS
from incidents.jobs.operations import owe
from incidents.models import Job, JobState
from tests.deploy.machines import until
from tests.deploy.units import ONE, Machine, read_unit
from tests.faults.killing.kinds import WAIT, register
from tests.faults.killing.programs import Programs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]


def test_it_ends_in_time_and_gives_its_job_back(tmp_path: Path) -> None:
    unit = read_unit(ONE / "postmortems-heavy.service")
    (command,) = unit.commands(Machine("one", tmp_path, tmp_path))
    with mock.patch.dict(KINDS):
        register()
        owe(WAIT, {"number": 0}, at=timezone.now())
    worker = Programs([command], tmp_path, {})
    worker.keep_running()
    try:
        until(lambda: is_now(JobState.RUNNING), "Nobody began the job.")
        (process,) = worker.running
        assert process
        process.send_signal(unit.stop_signal)
        assert process.wait(unit.stop_seconds) == 0
        assert is_now(JobState.OWED)
        until(lambda: not worker.members(), "Something of it goes on.")
    except subprocess.TimeoutExpired:
        pytest.fail(f"It does not end.\n{worker.log.read_text()[-4000:]}")
    finally:
        worker.end()


def is_now(state: JobState) -> bool:
    return Job.objects.filter(kind=WAIT, state=state).exists()
