"""Files that programs attach: one at a time, removed, and brought back."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from incidents.attachments.operations import MOST
from incidents.models import Attachment, Change
from tests.api.programs import ROOT, Program
from tests.api.test_authentication import refused
from tests.api.test_writing import an_editor
from tests.factories import a_restricted_incident, a_runbook, a_user, an_incident

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n and so on"


def attaches(
    program: Program, path: str, *, name: str = "graph.png", data: bytes = PNG, **headers: str
) -> HttpResponse:
    sent = {key.replace("_", "-"): value for key, value in headers.items()}
    file = SimpleUploadedFile(name, data)
    return program.client.post(f"{ROOT}{path}attachments/", {"file": file}, headers=sent)


@pytest.mark.parametrize("kind", ["incident", "runbook"])
def test_it_works(kind: str) -> None:
    program = an_editor()
    record = an_incident() if kind == "incident" else a_runbook()
    path = record.get_absolute_url().removeprefix("/")

    answer = attaches(program, path)

    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["name"], told["media_type"], told["size"]) == ("graph.png", "image/png", len(PNG))
    assert answer["Location"] == f"{ROOT}attachments/{told['id']}/"
    assert program.reads(f"attachments/{told['id']}/") == told
    assert program.reads(f"{path}attachments/")["results"] == [told]
    assert program.asks(f"attachments/{told['id']}/content/").content == PNG
    made = Attachment.objects.get()
    assert (made.record, made.added_by) == (record, program.owner)
    assert Change.objects.latest("pk").summary == "Attached graph.png"


def test_the_same_again_is_the_one_that_is_there() -> None:
    program, record = an_editor(), an_incident()
    path = f"incidents/{record.reference}/"
    first, again = attaches(program, path).json(), attaches(program, path).json()
    assert first == again
    assert Attachment.objects.count() == 1


def test_a_key_is_heard_though_each_form_has_another_boundary() -> None:
    program, record = an_editor(), an_incident()
    path = f"incidents/{record.reference}/"
    first = attaches(program, path, idempotency_key="a")
    program.writes("delete", f"attachments/{first.json()['id']}/")
    again = attaches(program, path, idempotency_key="a")
    assert again["Idempotency-Replayed"] == "true"
    assert again.json()["removed_at"] is not None
    assert Attachment.objects.count() == 1
    refused(attaches(program, path, data=PNG + b"!", idempotency_key="a"), 422)
    refused(attaches(program, path, name="other.png", idempotency_key="a"), 422)


def test_removed_and_brought_back() -> None:
    program, record = an_editor(), an_incident()
    path = f"incidents/{record.reference}/"
    key = attaches(program, path).json()["id"]
    one = f"attachments/{key}/"

    program.writes("delete", one)

    assert program.reads(f"{path}attachments/")["results"] == []
    (gone,) = program.reads(f"{path}attachments/", {"removed": "true"})["results"]
    assert gone["id"] == key
    assert gone["removed_at"] is not None
    assert program.asks(f"{one}content/").status_code == 404
    assert "already" in refused(program.sends("delete", one), 409)["detail"]
    assert program.writes("post", f"{one}bring-back/")["removed_at"] is None
    assert "already" in refused(program.sends("post", f"{one}bring-back/"), 409)["detail"]
    assert program.asks(f"{one}content/").content == PNG


def test_what_is_no_file_is_refused() -> None:
    program, record = an_editor(), an_incident()
    path = f"{ROOT}incidents/{record.reference}/attachments/"
    two = [SimpleUploadedFile(name, b"x") for name in ("a", "b")]
    for sent in ({}, {"file": "a text"}, {"file": two}, {"file": two[0], "title": "So"}):
        told = refused(program.client.post(path, sent), 422)
        assert set(told["errors"]) <= {"file", "title"}
    empty = attaches(program, f"incidents/{record.reference}/", data=b"")
    assert "is empty" in refused(empty, 422)["errors"]["file"][0]
    for kind in ("application/json", "multipart/form-data", "text/plain"):
        answer = program.client.generic("POST", path, "{}", content_type=kind)
        refused(answer, 400 if kind.startswith("multipart") else 415)
    assert not Attachment.objects.exists()


def test_too_large_or_too_many(settings: Any) -> None:
    program, record = an_editor(), an_incident()
    path = f"incidents/{record.reference}/"
    settings.ATTACHMENT_BYTES = 10
    assert "larger than" in refused(attaches(program, path), 422)["errors"]["file"][0]
    for number in range(MOST):
        assert attaches(program, path, data=b"%d" % number).status_code == 201
    full = attaches(program, path, data=b"more")
    assert f"{MOST} files at most" in refused(full, 422)["errors"]["file"][0]
    assert Attachment.objects.count() == MOST


def test_who_may_not(client: Any) -> None:
    incident, hidden = an_incident(), a_restricted_incident()
    path = f"incidents/{incident.reference}/"
    key = attaches(an_editor(), path).json()["id"]
    reader = Program(a_user("reader"), scope="write")
    own = Program(a_user("editor"), scope="write", reach="own")
    refused(attaches(reader, path), 403)
    refused(attaches(an_editor(scope="read"), path), 403)
    refused(attaches(own, path), 404)
    refused(attaches(own, f"runbooks/{a_runbook().slug}/"), 403)
    refused(attaches(an_editor(), f"incidents/{hidden.reference}/"), 404)
    for method, one in (
        ("delete", f"attachments/{key}/"),
        ("post", f"attachments/{key}/bring-back/"),
    ):
        refused(reader.sends(method, one), 403)
        refused(own.sends(method, one), 404)
    assert Attachment.objects.get().removed_at is None
