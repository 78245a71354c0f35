"""An export ends done or failed with its reason, whatever becomes of its worker."""

import os
import signal
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from incidents.exports import files
from incidents.exports.keeping import forget_exports
from incidents.exports.operations import export_incident
from incidents.exports.typesetting import CannotBeLaidOut
from incidents.jobs.apart import run_apart
from incidents.jobs.claims import take
from incidents.jobs.kinds import KINDS
from incidents.jobs.working import never
from incidents.models import Export, ExportFormat, ExportState, Job, JobState, Queue
from tests.factories import a_user, an_incident
from tests.jobs.doing import do_all_jobs


def an_export(wanted: ExportFormat = ExportFormat.PDF) -> Export:
    return export_incident(an_incident(), wanted=wanted, by=a_user(), at=timezone.now())


def run_next() -> Job:
    Job.objects.update(due_at=timezone.now())
    job = take(Queue.HEAVY, KINDS.keys())
    assert job
    run_apart(job, stopping=never)
    job.refresh_from_db()
    return job


@pytest.mark.django_db(transaction=True)
def test_it_works(export_dir: Path) -> None:
    export = an_export()
    job = run_next()

    export.refresh_from_db()
    assert (job.state, job.progress_done, job.progress_total) == (JobState.DONE, 2, 2)
    assert [path.name for path in export_dir.iterdir()] == [export.file]
    assert (export_dir / export.file).stat().st_mode & 0o077 == 0


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_is_followed_by_another(
    export_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any, **__: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    export = an_export()
    with monkeypatch.context() as during:
        during.setattr("incidents.exports.formats.pdf.typeset", killed)
        job = run_next()
    assert (job.state, job.attempts) == (JobState.OWED, 1)
    assert "signal 9" in job.error

    assert run_next().state == JobState.DONE
    export.refresh_from_db()
    assert export.state == ExportState.READY
    # What the first one left behind is nobody's, and goes when it is a day old.
    left = [path for path in export_dir.iterdir() if path.name != export.file]
    assert len(left) == 1
    os.utime(left[0], (0, 0))
    forget_exports(at=timezone.now())
    assert [path.name for path in export_dir.iterdir()] == [export.file]


@pytest.mark.django_db(transaction=True)
def test_one_that_kills_each_of_its_workers_fails_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed(*_: Any, **__: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    export = an_export()
    monkeypatch.setattr("incidents.exports.formats.pdf.typeset", killed)
    for _ in range(3):
        job = run_next()

    export.refresh_from_db()
    assert (job.state, export.state) == (JobState.FAILED, ExportState.FAILED)
    assert "signal 9" in job.error


@pytest.mark.django_db
def test_what_cannot_be_laid_out_fails_at_once(
    monkeypatch: pytest.MonkeyPatch, export_dir: Path
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise CannotBeLaidOut("It took more than 120 seconds.")

    monkeypatch.setattr("incidents.exports.formats.pdf.typeset", refuse)
    export = an_export()
    do_all_jobs()

    job = Job.objects.get(kind="exports.write")
    assert (job.state, job.error) == (JobState.FAILED, "It took more than 120 seconds.")
    export.refresh_from_db()
    assert export.state == ExportState.FAILED
    assert list(export_dir.iterdir()) == []


@pytest.mark.django_db
def test_writing_it_twice_writes_it_once(export_dir: Path) -> None:
    export = an_export(ExportFormat.JSON)
    do_all_jobs()
    export.refresh_from_db()
    Job.objects.filter(kind="exports.write").update(state=JobState.OWED, ended_at=None)
    do_all_jobs()

    assert Job.objects.get(kind="exports.write").outcome == "It was written already"
    assert [path.name for path in export_dir.iterdir()] == [export.file]


@pytest.mark.django_db
def test_a_job_that_is_forgotten_leaves_the_file() -> None:
    export = an_export(ExportFormat.JSON)
    do_all_jobs()
    Job.objects.all().delete()

    export.refresh_from_db()
    assert export.state == ExportState.READY


@pytest.mark.django_db
def test_what_was_kept_for_long_enough_goes_with_its_file(export_dir: Path) -> None:
    export = an_export(ExportFormat.JSON)
    an_export(ExportFormat.JSON)
    do_all_jobs()
    Export.objects.filter(pk=export.pk).update(expires_at=timezone.now() - timedelta(days=1))

    assert forget_exports(at=timezone.now()) == 1
    assert [path.name for path in export_dir.iterdir()] == [Export.objects.get().file]


def test_a_draft_of_today_may_still_be_somebodys(export_dir: Path) -> None:
    export_dir.mkdir()
    (export_dir / ".draft").write_text("x")
    folder = export_dir / "tmp1"
    folder.mkdir()
    (folder / "data.json").write_text("x")

    assert files.remove_abandoned(set()) == 0
    old = time.time() - files.ABANDONED - 1
    for path in (export_dir / ".draft", folder):
        os.utime(path, (old, old))
    assert files.remove_abandoned(set()) == 2
    assert list(export_dir.iterdir()) == []
