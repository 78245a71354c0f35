"""Taking one record out: asked for on its page, fetched by who asked, and by nobody else."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.exports.formats import OF_AN_INCIDENT
from incidents.exports.operations import (
    TooManyExports,
    cancel_export,
    export_incident,
    pack_of,
)
from incidents.models import Export, ExportFormat, ExportState, Incident, Job, JobState, User
from tests.factories import a_restricted_incident, a_user, an_incident
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> User:
    reader = a_user("reader")
    client.force_login(reader)
    return reader


def ask(client: Client, incident: Incident, wanted: str = "json") -> Any:
    return client.post(f"/incidents/{incident.reference}/export/", {"format": wanted})


def content_of(client: Client, export: Export) -> bytes:
    answer = client.get(f"/exports/{export.pk}/file/")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("wanted", OF_AN_INCIDENT)
def test_it_works(client: Client, reader: User, wanted: str) -> None:
    incident = an_incident(title="Orders time out")
    answer = ask(client, incident, wanted)
    export = Export.objects.get()

    assert answer.url == f"/exports/{export.pk}/"
    assert "It is being written" in client.get(answer.url).content.decode()
    do_all_jobs()
    export.refresh_from_db()
    assert export.state == ExportState.READY
    page = client.get(answer.url).content.decode()
    assert f'href="/exports/{export.pk}/file/"' in page
    assert "every 400ms" not in page
    content = content_of(client, export)
    assert len(content) == export.size
    assert (b"%PDF" if wanted == "pdf" else b"Orders time out") in content


def test_it_comes_as_a_file_with_a_name(client: Client, reader: User) -> None:
    incident = an_incident()
    ask(client, incident)
    do_all_jobs()
    answer = client.get(f"/exports/{Export.objects.get().pk}/file/")

    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == f'attachment; filename="{incident.reference}.json"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_it_has_what_its_owner_may_see(client: Client, reader: User) -> None:
    incident = a_restricted_incident(reader)
    ask(client, incident)
    do_all_jobs()
    told = json.loads(content_of(client, Export.objects.get()))

    assert told["incident"]["restricted"] is True


def test_a_stranger_cannot_ask(client: Client, reader: User) -> None:
    assert ask(client, a_restricted_incident()).status_code == 404
    assert not Export.objects.exists()


@pytest.mark.parametrize("wanted", ["", "exe", "PDF", "xlsx"])
def test_an_unknown_format_is_refused(client: Client, reader: User, wanted: str) -> None:
    answer = ask(client, an_incident(), wanted)

    assert answer.status_code == 422
    assert "choose PDF, Markdown, JSON." in answer.content.decode()


def test_nothing_is_made_by_looking(client: Client, reader: User) -> None:
    assert client.get(f"/incidents/{an_incident().reference}/export/").status_code == 405


def test_nobody_else_can_fetch_it(client: Client, reader: User) -> None:
    ask(client, an_incident())
    do_all_jobs()
    export = Export.objects.get()
    client.force_login(a_user("admin"))

    for address in ("", "file/"):
        assert client.get(f"/exports/{export.pk}/{address}").status_code == 404
    assert client.post(f"/exports/{export.pk}/cancel/").status_code == 404
    assert "Nothing taken out" in client.get("/exports/").content.decode()


def test_who_may_not_see_the_record_any_more_cannot_fetch_it(client: Client, reader: User) -> None:
    incident = an_incident()
    ask(client, incident)
    do_all_jobs()
    Incident.objects.filter(pk=incident.pk).update(visibility="restricted")

    assert client.get(f"/exports/{Export.objects.get().pk}/file/").status_code == 404
    assert incident.reference not in client.get("/exports/").content.decode()


def test_nor_who_may_not_see_another_record_that_it_names(client: Client, reader: User) -> None:
    incident, other = an_incident(), an_incident()
    incident.relatedincidents.create(other=other)
    ask(client, incident)
    do_all_jobs()
    export = Export.objects.get()
    assert content_of(client, export)
    Incident.objects.filter(pk=other.pk).update(visibility="restricted")

    assert client.get(f"/exports/{export.pk}/file/").status_code == 404
    other.allowed_people.add(reader)
    assert content_of(client, export)


def test_it_is_not_written_for_who_may_not_see_it_by_then(client: Client, reader: User) -> None:
    incident = an_incident()
    ask(client, incident)
    Incident.objects.filter(pk=incident.pk).update(visibility="restricted")
    do_all_jobs()

    job = Job.objects.get(kind="exports.write")
    assert (job.state, Export.objects.get().file) == (JobState.FAILED, "")
    assert "not open to its owner" in job.error


def test_it_can_be_cancelled(client: Client, reader: User) -> None:
    ask(client, an_incident())
    export = Export.objects.get()
    client.post(f"/exports/{export.pk}/cancel/")
    do_all_jobs()

    export.refresh_from_db()
    assert export.state == ExportState.CANCELLED
    assert Job.objects.get(kind="exports.write").outcome == "Nobody wants it any more"
    assert client.get(f"/exports/{export.pk}/file/").status_code == 404
    assert client.post(f"/exports/{export.pk}/cancel/").status_code == 409


def test_it_is_cancelled_while_it_is_written(
    reader: User, monkeypatch: pytest.MonkeyPatch, export_dir: Path
) -> None:
    monkeypatch.setattr("incidents.exports.tasks.LOOK_EVERY", 0.0)
    export = export_incident(an_incident(), wanted=ExportFormat.PDF, by=reader, at=timezone.now())

    def cancelled_meanwhile(whole: Any) -> Any:
        cancel_export(export, at=timezone.now())
        return pack_of(whole)

    monkeypatch.setattr("incidents.exports.operations.pack_of", cancelled_meanwhile)
    do_all_jobs()

    assert Job.objects.get(kind="exports.write").outcome == "Cancelled by its owner"
    assert list(export_dir.iterdir()) == []


def test_it_goes_when_its_time_is_over(
    client: Client, reader: User, settings: Any, export_dir: Path
) -> None:
    settings.EXPORT_DAYS = 2
    ask(client, an_incident())
    do_all_jobs()
    export = Export.objects.get()
    assert export.expires_at - export.made_at == timedelta(days=2)
    Export.objects.update(expires_at=timezone.now())

    assert client.get(f"/exports/{export.pk}/file/").status_code == 404
    assert client.get(f"/exports/{export.pk}/").status_code == 404


def test_a_file_that_is_gone_is_not_found(client: Client, reader: User, export_dir: Path) -> None:
    ask(client, an_incident())
    do_all_jobs()
    for path in export_dir.iterdir():
        path.unlink()

    assert client.get(f"/exports/{Export.objects.get().pk}/file/").status_code == 404


def test_nobody_fills_the_queue(client: Client, reader: User) -> None:
    incident = an_incident()
    for _ in range(TooManyExports.MOST):
        ask(client, incident)
    answer = ask(client, incident)

    assert answer.status_code == 409
    assert "still being written" in answer.content.decode()
    do_all_jobs()
    assert ask(client, incident).status_code == 302


def test_the_list_asks_no_more_for_more_exports(
    client: Client, reader: User, django_assert_max_num_queries: Any
) -> None:
    for count in (3, 27):
        for _ in range(count):
            Export.objects.create(
                owner=reader,
                format="pdf",
                incident=an_incident(),
                made_at=timezone.now(),
                expires_at=timezone.now() + timedelta(days=1),
            )
        with django_assert_max_num_queries(6):
            assert client.get("/exports/").status_code == 200


def test_the_piece_that_looks_again_fetches_the_file(client: Client, reader: User) -> None:
    ask(client, an_incident())
    export = Export.objects.get()
    again = {"HX-Request": "true", "HX-Target": "export-progress"}
    piece = client.get(f"/exports/{export.pk}/", headers=again).content.decode()
    assert "every 400ms" in piece
    # Where it stands under somebody's finger stays what it is.
    assert "Cancel" not in piece
    do_all_jobs()

    answer = client.get(f"/exports/{export.pk}/", headers=again)
    piece = answer.content.decode()
    assert answer["HX-Retarget"] == "#export"
    assert f'data-fetch="/exports/{export.pk}/file/"' in piece
    assert "<html" not in piece
