"""Cancelling an import: one that is read is forgotten, one that is applied is taken back whole."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from incidents.importers.intake import operations, reading
from incidents.importers.intake.operations import NotInThatState, cancel_import
from incidents.models import Import, ImportState, Incident, Job, JobState, State, User
from tests.factories import NOW, a_user
from tests.importers.intake.test_intake import DISK, POOL
from tests.importers.intake.test_pages import page_of, read_in, send
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db
TWO = (("disk.md", DISK), ("pool.md", POOL))


@pytest.fixture(autouse=True)
def import_dir(settings: Any, tmp_path: Path) -> Path:
    settings.IMPORT_DIR = tmp_path / "imports"
    return tmp_path / "imports"


@pytest.fixture
def editor(client: Client) -> User:
    editor = a_user()
    client.force_login(editor)
    return editor


def cancel(client: Client, found: Import) -> Any:
    return client.post(f"/imports/{found.pk}/cancel/")


def test_one_that_waits_to_be_read_is_forgotten(
    client: Client,
    editor: User,
    import_dir: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    send(client, *TWO)
    found = Import.objects.get()
    assert "All that it has written" not in page_of(client, f"/imports/{found.pk}/")
    with django_capture_on_commit_callbacks(execute=True):
        assert cancel(client, found).url == "/imports/"
    assert "nothing was written" in page_of(client, "/imports/")
    assert not Import.objects.exists()
    assert not list(import_dir.iterdir())
    do_all_jobs()
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}


def test_one_that_is_being_read_is_forgotten(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(client, *TWO)
    found = Import.objects.get()
    told = reading.told

    def told_and_cancelled(each: Any) -> Any:
        cancel_import(found, by=editor, at=NOW)
        return told(each)

    monkeypatch.setattr(reading, "told", told_and_cancelled)
    do_all_jobs()
    assert not Import.objects.exists()
    assert Job.objects.get().outcome == "Cancelled"


def test_one_that_waits_to_be_applied_is_undone(client: Client, editor: User) -> None:
    found = read_in(client, *TWO)
    client.post(f"/imports/{found.pk}/apply/")
    page = page_of(client, f"/imports/{found.pk}/")
    assert "All that it has written is taken back." in page
    assert cancel(client, found).url == f"/imports/{found.pk}/"
    assert cancel(client, found).status_code == 409
    do_all_jobs()
    assert Import.objects.get().state == ImportState.UNDONE
    assert not Incident.objects.exists()


def test_what_is_written_already_is_taken_back(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its worker hears of it after the next records, and undoes all itself."""
    found = read_in(client, *TWO)
    client.post(f"/imports/{found.pk}/apply/")
    monkeypatch.setattr("incidents.importers.intake.tasks.LOOK_EVERY", 0.0)
    write = operations.write_row
    written = []

    def write_and_cancel(row: Any, *args: Any, **told: Any) -> None:
        write(row, *args, **told)
        if not written:
            cancel_import(Import.objects.get(), by=editor, at=NOW)
        written.append(row)

    monkeypatch.setattr(operations, "write_row", write_and_cancel)
    do_all_jobs()
    assert written
    assert Import.objects.get().state == ImportState.UNDONE
    assert set(Incident.objects.values_list("state", flat=True)) == {State.WITHDRAWN}
    assert not Incident.objects.filter(external_key__isnull=False).exists()


def test_cancelled_at_the_very_end_it_is_undone_all_the_same(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = read_in(client, *TWO)
    client.post(f"/imports/{found.pk}/apply/")
    tasks = "incidents.importers.intake.tasks"
    apply_rows = operations.apply_rows

    def apply_and_cancel(*args: Any, **told: Any) -> None:
        apply_rows(*args, **told)
        cancel_import(Import.objects.get(), by=editor, at=NOW)

    monkeypatch.setattr(f"{tasks}.apply_rows", apply_and_cancel)
    do_all_jobs()
    assert Import.objects.get().state == ImportState.UNDONE
    assert set(Incident.objects.values_list("state", flat=True)) == {State.WITHDRAWN}


def test_one_whose_worker_failed_is_undone_by_another_job(client: Client, editor: User) -> None:
    found = read_in(client, *TWO)
    client.post(f"/imports/{found.pk}/apply/")
    Job.objects.filter(kind=operations.APPLY).update(
        state=JobState.FAILED, error="Broken.", ended_at=NOW
    )
    assert "Cancel" in page_of(client, f"/imports/{found.pk}/")
    cancel(client, found)
    do_all_jobs()
    assert Import.objects.get().state == ImportState.UNDONE


@pytest.mark.parametrize("state", [ImportState.READY, ImportState.APPLIED, ImportState.UNDOING])
def test_at_another_time_there_is_nothing_to_cancel(
    client: Client, editor: User, state: ImportState
) -> None:
    found = read_in(client, *TWO)
    Import.objects.update(state=state)
    found.refresh_from_db()
    with pytest.raises(NotInThatState, match="cannot be cancelled now"):
        cancel_import(found, by=editor, at=NOW)
    assert Import.objects.get().state == state


def test_nobody_cancels_the_import_of_another(client: Client, editor: User) -> None:
    found = read_in(client, *TWO)
    client.force_login(a_user())
    assert cancel(client, found).status_code == 404
