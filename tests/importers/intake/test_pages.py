"""Bringing files in on the page: read, looked at, applied, undone; by editors, each their own."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from incidents.importers.intake import files
from incidents.importers.intake.operations import (
    TooManyImports,
    forget_files,
)
from incidents.jobs.running import run
from incidents.models import (
    ConfigDelta,
    Import,
    ImportRow,
    ImportState,
    Incident,
    Job,
    JobState,
    ProposedDelta,
    State,
    User,
)
from tests.factories import a_restricted_incident, a_user, an_incident
from tests.importers.intake.test_intake import DISK, POOL
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db
PAGE, LIST = 7, 5
"""Queries of an import, and of all."""


@pytest.fixture(autouse=True)
def import_dir(settings: Any, tmp_path: Path) -> Path:
    settings.IMPORT_DIR = tmp_path / "imports"
    return tmp_path / "imports"


@pytest.fixture
def editor(client: Client) -> User:
    editor = a_user()
    client.force_login(editor)
    return editor


def send(client: Client, *uploads: tuple[str, str], **fields: object) -> Any:
    chosen = [SimpleUploadedFile(name, text.encode()) for name, text in uploads]
    return client.post("/imports/new/", {"uploads": chosen, "format": "", **fields})


def read_in(client: Client, *uploads: tuple[str, str], **fields: object) -> Import:
    answer = send(client, *(uploads or [("pool.md", POOL)]), **fields)
    assert answer.status_code == 302
    do_all_jobs()
    return Import.objects.latest("pk")


def applied(client: Client, *uploads: tuple[str, str]) -> Import:
    found = read_in(client, *uploads)
    assert client.post(f"/imports/{found.pk}/apply/").status_code == 302
    do_all_jobs()
    return Import.objects.get(pk=found.pk)


def page_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return str(answer.content.decode())


def test_it_works(client: Client, editor: User) -> None:
    answer = send(client, ("pool.md", POOL))
    found = Import.objects.get()
    assert answer.url == f"/imports/{found.pk}/"
    assert "being read" in page_of(client, answer.url)
    do_all_jobs()
    page = page_of(client, answer.url)
    assert "Nothing is written yet" in page
    assert "Pool empty" in page
    assert not Incident.objects.exists()

    client.post(f"/imports/{found.pk}/apply/")
    do_all_jobs()
    incident = Incident.objects.get()
    page = page_of(client, answer.url)
    assert f'href="{incident.get_absolute_url()}"' in page
    assert "1 proposed config delta<" in page
    assert ">1 made<" in page

    client.post(f"/imports/{found.pk}/undo/")
    do_all_jobs()
    assert Incident.objects.get().state == State.WITHDRAWN
    assert "It is withdrawn." in page_of(client, answer.url)


def test_what_was_found_can_be_looked_at(client: Client, editor: User) -> None:
    found = read_in(client)
    row = found.rows.get()
    page = page_of(client, f"/imports/{found.pk}/rows/{row.pk}/")
    times = ("10 Mar 2024, 09:02 UTC", "10 Mar 2024")
    said = ("No connections were left.", "Deploy", "Count the workers", "max_connections")
    for words in (*times, *said):
        assert words in page


def test_a_part_of_the_rows_can_be_chosen(client: Client, editor: User) -> None:
    found = read_in(client, ("pool.md", POOL), ("empty.md", " "))
    page = page_of(client, f"/imports/{found.pk}/?show=unread")
    assert "It is empty." in page
    assert "Pool empty" not in page
    assert "None of these." in page_of(client, f"/imports/{found.pk}/?show=leave")


def test_several_files_are_one_import(client: Client, editor: User) -> None:
    found = applied(client, ("pool.md", POOL), ("disk.md", DISK))
    assert found.name == "pool.md and 1 more"
    assert Incident.objects.count() == 2


def test_it_can_be_read_otherwise(client: Client, editor: User) -> None:
    found = read_in(client)
    answer = client.post(f"/imports/{found.pk}/read/", {"format": "html", "makes_services": "on"})
    assert answer.status_code == 302
    do_all_jobs()
    found = Import.objects.get(pk=found.pk)
    assert (found.format, found.options) == ("html", {"makes_services": True})
    assert found.rows.count() == 1


@pytest.mark.parametrize("step", ["undo", "retry", "read"])
def test_a_step_at_the_wrong_time_is_refused(client: Client, editor: User, step: str) -> None:
    found = read_in(client)
    Import.objects.update(state=ImportState.UNDONE)
    answer = client.post(f"/imports/{found.pk}/{step}/", {"format": "markdown"})
    assert answer.status_code == 409
    assert "It is undone, so it cannot be" in answer.content.decode()


@pytest.mark.parametrize(
    ("uploads", "words"),
    [
        ([], "Choose at least one file."),
        ([("pool.pdf", "x")], "What pool.pdf is cannot be told"),
    ],
)
def test_what_cannot_be_brought_in_says_why(
    client: Client, editor: User, uploads: list[tuple[str, str]], words: str, import_dir: Path
) -> None:
    answer = send(client, *uploads)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not import_dir.exists() or not list(import_dir.iterdir())


def test_too_much_is_refused(client: Client, editor: User, settings: Any) -> None:
    settings.IMPORT_BYTES = 10
    answer = send(client, ("pool.md", POOL))
    assert answer.status_code == 422
    assert "are the most" in answer.content.decode()


def test_an_unknown_format_is_refused(client: Client, editor: User) -> None:
    answer = send(client, ("pool.md", POOL), format="xml")
    assert "There is no such format" in answer.content.decode()


def test_too_many_at_once_are_refused(client: Client, editor: User) -> None:
    for _ in range(TooManyImports.MOST):
        send(client, ("pool.md", POOL))
    assert "are under way" in send(client, ("pool.md", POOL)).content.decode()


@pytest.mark.parametrize("name", ["../../evil.md", "..\\evil.md", "/etc/evil.md", ".evil.md"])
def test_a_name_is_never_a_path(name: str, import_dir: Path) -> None:
    folder = files.keep([SimpleUploadedFile("x", b"x"), Named(name)])
    assert {path.name for path in (import_dir / folder).iterdir()} == {"x", "evil.md"}


class Named(SimpleUploadedFile):
    """As a client that is not Django names it."""

    def __init__(self, name: str) -> None:
        super().__init__("x", b"x")
        self._name = name


def test_two_files_of_one_name_are_both_kept(import_dir: Path) -> None:
    folder = files.keep([SimpleUploadedFile("a.md", b"1"), SimpleUploadedFile("a.md", b"2")])
    kept = {path.name: path.read_bytes() for path in (import_dir / folder).iterdir()}
    assert kept == {"a.md": b"1", "a-2.md": b"2"}


def test_a_job_that_runs_twice_does_it_once(client: Client, editor: User) -> None:
    found = applied(client)
    job = Job.objects.filter(kind="imports.apply").latest("pk")
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, token="t", ended_at=None, lease_until=timezone.now()
    )
    run(Job.objects.get(pk=job.pk))
    assert Incident.objects.count() == 1
    assert Import.objects.get(pk=found.pk).state == ImportState.APPLIED


def test_one_that_stopped_is_tried_again(client: Client, editor: User) -> None:
    found = read_in(client)
    client.post(f"/imports/{found.pk}/apply/")
    Job.objects.filter(kind="imports.apply").update(
        state=JobState.FAILED, ended_at=timezone.now(), error="The worker was killed."
    )
    page = page_of(client, f"/imports/{found.pk}/")
    assert "The worker was killed." in page
    client.post(f"/imports/{found.pk}/retry/")
    do_all_jobs()
    assert Incident.objects.count() == 1


def test_files_are_forgotten(client: Client, editor: User, import_dir: Path) -> None:
    read_in(client, ("disk.md", DISK))
    kept = applied(client)
    later = timezone.now() + timedelta(days=8)
    forget_files(at=later)
    assert list(import_dir.iterdir()) == []
    assert list(Import.objects.all()) == [kept]
    assert ImportRow.objects.count() == 1


def test_a_reader_may_not(client: Client) -> None:
    client.force_login(a_user("reader"))
    assert client.get("/imports/").status_code == 403
    assert client.post("/imports/new/").status_code == 403


def test_one_sees_ones_own_and_administrators_all(
    client: Client, editor: User, django_user_model: Any
) -> None:
    found = read_in(client)
    client.force_login(a_user())
    assert "Nothing brought in" in page_of(client, "/imports/")
    page_of(client, f"/imports/{found.pk}/", status=404)
    client.force_login(a_user("admin"))
    listed = page_of(client, "/imports/")
    # The name of a file tells of a record.
    assert f"Import {found.pk}" in listed
    assert "pool.md" not in listed
    assert "Pool empty" in page_of(client, f"/imports/{found.pk}/")


def test_a_record_that_is_hidden_since_is_not_in_it(client: Client, editor: User) -> None:
    found = applied(client)
    row = found.rows.get()
    hidden = a_restricted_incident()
    ImportRow.objects.update(incident=hidden)
    ProposedDelta.objects.update(incident=hidden)
    # It brought in nothing else.
    page_of(client, f"/imports/{found.pk}/", status=404)
    assert "Nothing brought in" in page_of(client, "/imports/")
    page_of(client, f"/imports/{found.pk}/rows/{row.pk}/", status=404)
    page_of(client, f"/incidents/{hidden.reference}/proposals/", status=404)
    proposal = ProposedDelta.objects.get()
    assert client.post(f"/proposals/{proposal.pk}/dismiss/").status_code == 404


def test_of_several_records_the_hidden_one_is_not_shown(client: Client, editor: User) -> None:
    found = applied(client, ("pool.md", POOL), ("disk.md", DISK))
    ImportRow.objects.filter(title="Disk full").update(incident=a_restricted_incident())

    page = page_of(client, f"/imports/{found.pk}/")

    assert "Pool empty" in page
    assert "Disk full" not in page


def answers(proposal: ProposedDelta, **more: str) -> dict[str, str]:
    values = {"component": "pgbouncer", "key": "max_connections", "before": "20", "after": "40"}
    values |= {"part": "mitigated", **more}
    return {f"p{proposal.pk}-{name}": value for name, value in values.items()}


def test_a_proposal_is_recorded(client: Client, editor: User) -> None:
    applied(client)
    proposal = ProposedDelta.objects.get()
    incident = proposal.incident
    assert (
        "1 sentence of its source seems to say"
        in client.get(
            f"/incidents/{incident.reference}/proposals/", headers={"HX-Target": "proposals"}
        ).content.decode()
    )
    assert 'value="max_connections"' in page_of(
        client, f"/incidents/{incident.reference}/proposals/"
    )
    answer = client.post(f"/proposals/{proposal.pk}/record/", answers(proposal))
    assert answer.url == f"/incidents/{incident.reference}/proposals/"
    delta = ConfigDelta.objects.get()
    assert (str(delta.knob), delta.before, delta.after) == (
        "pgbouncer · max_connections",
        "20",
        "40",
    )
    assert (delta.part, delta.source) == ("mitigated", "pool.md")
    assert "Nothing is proposed" in page_of(client, answer.url)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"component": ""}, "This field is required."),
        ({"after": "20"}, "nothing was changed"),
        ({"part": "x"}, "is not one of the available choices"),
        ({"key": "password", "after": "hunter2"}, "does not belong into a record"),
    ],
)
def test_a_wrong_proposal_is_refused(
    client: Client, editor: User, more: dict[str, str], words: str
) -> None:
    applied(client)
    proposal = ProposedDelta.objects.get()
    answer = client.post(f"/proposals/{proposal.pk}/record/", answers(proposal, **more))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ConfigDelta.objects.exists()
    assert ProposedDelta.objects.get().state == "open"


def test_a_proposal_is_dismissed_once(client: Client, editor: User) -> None:
    applied(client)
    proposal = ProposedDelta.objects.get()
    client.post(f"/proposals/{proposal.pk}/dismiss/")
    assert ProposedDelta.objects.get().answered_by == editor
    answer = client.post(f"/proposals/{proposal.pk}/record/", answers(proposal))
    assert answer.status_code == 409
    assert "recorded or dismissed it already" in answer.content.decode()


def test_what_was_dismissed_is_proposed_again(client: Client, editor: User) -> None:
    applied(client)
    proposal = ProposedDelta.objects.get()
    page = client.post(f"/proposals/{proposal.pk}/dismiss/", follow=True).content.decode()
    assert f'action="/proposals/{proposal.pk}/reopen/"' in page

    again = client.post(f"/proposals/{proposal.pk}/reopen/", follow=True).content.decode()

    assert "It is proposed again." in again
    found = ProposedDelta.objects.get()
    assert (found.state, found.answered_by, found.answered_at) == ("open", None, None)
    twice = client.post(f"/proposals/{proposal.pk}/reopen/", follow=True).content.decode()
    assert "It is not dismissed any more." in twice
    client.force_login(a_user("reader"))
    assert client.post(f"/proposals/{proposal.pk}/reopen/").status_code == 403


def test_a_record_says_that_its_source_proposes(client: Client, editor: User) -> None:
    applied(client)
    incident = Incident.objects.get()
    assert 'id="proposals"' in page_of(client, incident.get_absolute_url())
    other = an_incident()
    assert 'id="proposals"' not in page_of(client, other.get_absolute_url())


@pytest.mark.parametrize("rows", [3, 30])
def test_the_queries_do_not_grow_with_the_rows(
    client: Client,
    editor: User,
    rows: int,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    found = applied(client, *((f"{number}.md", POOL) for number in range(rows)))
    with django_assert_num_queries(PAGE):
        client.get(f"/imports/{found.pk}/")
    for _ in range(rows):
        Import.objects.create(
            owner=editor,
            name="x",
            format="markdown",
            made_at=timezone.now(),
            expires_at=timezone.now(),
        )
    with django_assert_num_queries(LIST):
        client.get("/imports/")
