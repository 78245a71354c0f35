"""Imports by programs: files sent, looked at, applied, undone; proposals recorded and dismissed."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from incidents.models import ConfigDelta, Import, Incident, ProposedDelta, State
from tests.api.programs import ROOT, Program
from tests.api.test_authentication import refused
from tests.api.test_reading import COLUMNS, described
from tests.api.test_writing import an_editor
from tests.factories import a_restricted_incident, a_user
from tests.importers.intake.test_intake import POOL
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db
TABLE = "Name,Opened at\nPool empty,2024-03-10 09:02\n"


@pytest.fixture(autouse=True)
def import_dir(settings: Any, tmp_path: Path) -> None:
    settings.IMPORT_DIR = tmp_path / "imports"


def sends(
    program: Program, text: str = POOL, *, name: str = "pool.md", key: str = "", **fields: Any
) -> Any:
    files = {"uploads": [SimpleUploadedFile(name, text.encode())], **fields}
    headers = {"Idempotency-Key": key} if key else {}
    return program.client.post(f"{ROOT}imports/", files, headers=headers)


def read_in(program: Program, *sent: str, **fields: Any) -> str:
    answer = sends(program, *sent, **fields)
    assert answer.status_code == 201, answer.content
    do_all_jobs()
    return f"imports/{answer.json()['id']}/"


def test_it_works() -> None:
    program = an_editor()
    answer = sends(program)
    told = answer.json()
    assert (told["state"], told["name"], told["format"]) == ("reading", "pool.md", "markdown")
    path = f"imports/{told['id']}/"
    assert answer["Location"] == f"{ROOT}{path}"
    do_all_jobs()
    told = program.reads(path)
    assert (told["state"], told["stopped"]) == ("ready", False)
    assert told["counts"] == {"make": 1, "change": 0, "leave": 0, "unread": 0}
    (row,) = program.reads(f"{path}rows/")["results"]
    assert (row["title"], row["action"], row["incident"]) == ("Pool empty", "make", None)
    assert program.reads(f"{path}rows/", {"action": "leave"})["results"] == []
    whole = program.reads(f"{path}rows/{row['id']}/")
    assert whole["found"]["title"] == "Pool empty"
    assert not Incident.objects.exists()

    assert program.writes("post", f"{path}apply/")["state"] == "applying"
    do_all_jobs()
    incident = Incident.objects.get()
    assert program.reads(path)["state"] == "applied"
    assert program.reads(f"{path}rows/{row['id']}/")["incident"] == incident.reference
    refused(program.sends("post", f"{path}apply/"), 409)

    assert program.writes("post", f"{path}undo/")["state"] == "undoing"
    do_all_jobs()
    incident.refresh_from_db()
    assert incident.state == State.WITHDRAWN
    assert program.reads("imports/")["results"][0]["state"] == "undone"


def test_a_key_is_heard() -> None:
    program = an_editor()
    first, again = sends(program, key="a"), sends(program, key="a")
    assert again["Idempotency-Replayed"] == "true"
    assert first.json()["id"] == again.json()["id"]
    assert Import.objects.count() == 1


def test_columns_are_said_otherwise() -> None:
    program = an_editor()
    path = read_in(program, TABLE, name="old.csv")
    told = program.reads(f"{path}columns/")
    assert not list(described(program.reads("schema/"), COLUMNS).iter_errors(told))
    assert {one["header"] for one in told["columns"]} == {"Name", "Opened at"}
    assert told["fields_there_are"]["began"] == "Began"

    sent = {"columns": {"Name": "title", "Opened at": "began"}}
    assert program.writes("post", f"{path}read/", sent)["state"] == "reading"
    do_all_jobs()

    fields = {one["header"]: one["field"] for one in program.reads(f"{path}columns/")["columns"]}
    assert fields == {"Name": "title", "Opened at": "began"}
    for wrong, field in (
        ({"columns": {"Name": "party"}}, "columns"),
        ({"columns": ["title"]}, "columns"),
        ({"format": "doc"}, "format"),
        ({"format": 3}, "format"),
        ({"makes_services": "on"}, "makes_services"),
        ({"zone": "Tokyo"}, "zone"),
        ({"zone": ["UTC"]}, "zone"),
        ({"clock": "UTC"}, "clock"),
    ):
        answer = program.sends("post", f"{path}read/", wrong)
        assert list(refused(answer, 422)["errors"]) == [field]
    text = read_in(program)
    refused(program.asks(f"{text}columns/"), 404)


def test_the_zone_of_a_table_is_said() -> None:
    """With what its columns are, or without a word on them; what is not sent stays."""
    program = an_editor()
    path = read_in(program, TABLE, name="old.csv")
    columns = {"Name": "title", "Opened at": "began"}
    for sent in ({"zone": "Asia/Tokyo"}, {"columns": columns}):
        program.writes("post", f"{path}read/", sent)
        do_all_jobs()
        assert program.reads(f"{path}columns/")["zone"] == "Asia/Tokyo"
    program.writes("post", f"{path}apply/")
    do_all_jobs()
    assert str(Incident.objects.get().began_at) == "2024-03-10 00:02:00+00:00"


def test_one_that_is_being_read_is_cancelled() -> None:
    program = an_editor()
    path = f"imports/{sends(program).json()['id']}/"
    answer = program.sends("post", f"{path}cancel/")
    assert (answer.status_code, answer.content) == (204, b"")
    for gone in (program.asks(path), program.sends("post", f"{path}cancel/")):
        refused(gone, 404)
    do_all_jobs()
    assert not Import.objects.exists()
    assert not Incident.objects.exists()


def test_one_that_is_being_applied_is_cancelled() -> None:
    program = an_editor()
    path = read_in(program)
    refused(program.sends("post", f"{path}cancel/"), 409)
    program.writes("post", f"{path}apply/")
    assert program.sends("post", f"{path}cancel/").status_code == 204
    assert program.reads(path)["state"] == "undoing"
    do_all_jobs()
    assert program.reads(path)["state"] == "undone"
    assert not Incident.objects.exclude(state=State.WITHDRAWN).exists()


def test_proposals() -> None:
    program = an_editor()
    path = read_in(program)
    program.writes("post", f"{path}apply/")
    do_all_jobs()
    incident = Incident.objects.get()
    (one,) = program.reads(f"incidents/{incident.reference}/proposals/")["results"]
    assert (one["incident"], one["state"]) == (incident.reference, "open")
    proposal = f"proposals/{one['id']}/"
    refused(program.sends("post", f"{proposal}record/", {}), 422)

    sent = {"component": "postgresql", "key": "max_connections", "part": "fixed"}
    assert program.writes("post", f"{proposal}record/", sent)["state"] == "recorded"

    delta = ConfigDelta.objects.get(knob__component="postgresql")
    assert delta.incident == incident
    assert "already" in refused(program.sends("post", f"{proposal}dismiss/"), 409)["detail"]
    assert program.reads(f"incidents/{incident.reference}/proposals/")["results"] == []


def test_a_proposal_is_dismissed() -> None:
    program = an_editor()
    path = read_in(program)
    program.writes("post", f"{path}apply/")
    do_all_jobs()
    row = ProposedDelta.objects.get()
    assert program.writes("post", f"proposals/{row.pk}/dismiss/")["state"] == "dismissed"


def test_what_cannot_be_read_is_refused(settings: Any) -> None:
    program = an_editor()
    assert list(refused(sends(program, format="doc"), 422)["errors"]) == ["format"]
    assert list(refused(sends(program, zone="UTC"), 422)["errors"]) == ["zone"]
    answer = program.client.post(f"{ROOT}imports/", {"format": "markdown"})
    assert list(refused(answer, 422)["errors"]) == ["uploads"]
    refused(program.sends("post", "imports/", {"uploads": "a"}), 415)
    settings.IMPORT_BYTES = 10
    assert "are the most" in refused(sends(program), 422)["errors"]["uploads"][0]
    assert not Import.objects.exists()


def test_who_may_not() -> None:
    program = an_editor()
    path = read_in(program)
    other, reader = an_editor(), Program(a_user("reader"), scope="write")
    refused(other.asks(path), 404)
    refused(other.sends("post", f"{path}apply/"), 404)
    refused(other.sends("post", f"{path}cancel/"), 404)
    refused(reader.asks("imports/"), 403)
    refused(sends(reader), 403)
    refused(sends(an_editor(scope="read")), 403)
    refused(sends(an_editor(reach="own")), 403)
    hidden = a_restricted_incident()
    refused(other.asks(f"incidents/{hidden.reference}/proposals/"), 404)
    assert an_editor(scope="read").reads("imports/")["results"] == []
    assert Import.objects.count() == 1
