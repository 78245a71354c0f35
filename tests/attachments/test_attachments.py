"""Files beside a record: attached, shown, removed, brought back."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from incidents.attachments import operations
from incidents.attachments.operations import CannotAttach, NewFile, attach, shown_name
from incidents.attachments.queries import attached_to
from incidents.models import Attachment, AttachmentContent, Change, Incident, Runbook
from tests.factories import NOW, a_restricted_incident, a_runbook, a_user, an_incident

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\nthe rest"
LOG = NewFile("app.log", b"12:00 it fell over\n")


def signed_in(role: str = "editor") -> Client:
    client = Client()
    client.force_login(a_user(role))
    return client


def sent(*files: tuple[str, bytes]) -> dict[str, Any]:
    return {"uploads": [SimpleUploadedFile(name, data) for name, data in files]}


def page_of(record: Incident | Runbook) -> str:
    return f"{record.get_absolute_url()}attachments/"


@pytest.mark.parametrize("make", [an_incident, a_runbook])
def test_files_are_attached_and_shown(make: Any) -> None:
    record, client = make(), signed_in()

    answer = client.post(page_of(record), sent(("p99.png", PNG), ("a b.log", b"a\n")))

    assert answer.status_code == 302
    assert answer["Location"] == f"{record.get_absolute_url()}#attachments"
    first, second = Attachment.objects.order_by("pk")
    assert (first.name, first.media_type, first.size) == ("p99.png", "image/png", len(PNG))
    assert (second.name, second.media_type) == ("a b.log", "text/plain; charset=utf-8")
    page = client.get(record.get_absolute_url()).content.decode()
    assert "p99.png" in page
    assert f'<img src="/attachments/{first.pk}/"' in page
    change = Change.objects.order_by("pk").last()
    assert change is not None
    assert change.summary == "Attached p99.png, a b.log"


def test_what_is_in_a_file_comes_back_as_it_was() -> None:
    data = bytes(range(256))
    (attached,) = attach(an_incident(), [NewFile("dump.bin", data)], by=None, at=NOW)

    answer = signed_in("reader").get(f"/attachments/{attached.pk}/")

    assert answer.content == data
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="dump.bin"'
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (PNG, True),
        (b"plain", True),
        (b"<script>alert(1)</script>", True),
        (b"%PDF-1.7", False),
        (b"MZ\x90\x00", False),
    ],
)
def test_nothing_of_it_is_run(data: bytes, shown: bool) -> None:
    (attached,) = attach(an_incident(), [NewFile("a.html", data)], by=None, at=NOW)

    answer = signed_in("reader").get(f"/attachments/{attached.pk}/")

    assert answer["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert "html" not in answer["Content-Type"]
    policy = answer["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy or "script-src" not in policy


def test_who_has_it_is_told_that_it_is_the_same() -> None:
    (attached,) = attach(an_incident(), [LOG], by=None, at=NOW)
    client = signed_in("reader")

    etag = client.get(f"/attachments/{attached.pk}/")["ETag"]
    again = client.get(f"/attachments/{attached.pk}/", headers={"If-None-Match": etag})

    assert (again.status_code, again.content) == (304, b"")


def test_sent_twice_it_is_there_once() -> None:
    record, client = an_incident(), signed_in()

    for _ in range(2):
        client.post(page_of(record), sent(("p99.png", PNG)))

    assert Attachment.objects.count() == 1
    assert Change.objects.filter(summary__startswith="Attached").count() == 1


def test_removed_it_is_gone_until_it_is_brought_back() -> None:
    record, client = an_incident(), signed_in()
    (attached,) = attach(record, [LOG], by=None, at=NOW)

    client.post(f"/attachments/{attached.pk}/remove/")

    assert client.get(f"/attachments/{attached.pk}/").status_code == 404
    page = client.get(page_of(record)).content.decode()
    assert "1 removed" in page
    assert "No files yet" in page

    client.post(f"/attachments/{attached.pk}/bring-back/")

    assert client.get(f"/attachments/{attached.pk}/").content == LOG.data
    summaries = Change.objects.order_by("pk").values_list("summary", flat=True)
    assert [*summaries][-2:] == ["Removed app.log", "Brought back app.log"]


def test_removed_twice_says_so() -> None:
    (attached,) = attach(an_incident(), [LOG], by=None, at=NOW)
    client = signed_in()
    client.post(f"/attachments/{attached.pk}/remove/")

    answer = client.post(f"/attachments/{attached.pk}/remove/", follow=True)

    assert "app.log was removed already." in answer.content.decode()
    assert Change.objects.filter(summary="Removed app.log").count() == 1


def test_it_is_not_brought_back_beside_itself() -> None:
    record, editor = an_incident(), a_user("editor")
    (removed,) = attach(record, [LOG], by=None, at=NOW)
    operations.remove_attachment(removed, by=editor, at=NOW)
    (there,) = attach(record, [LOG], by=None, at=NOW)
    assert there != removed

    with pytest.raises(operations.NothingToDo, match="is there already"):
        operations.bring_back_attachment(removed, by=editor, at=NOW)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ((), "Choose at least one file."),
        ((("empty.txt", b""),), "empty.txt is empty."),
        ((("fine.txt", b"x"), ("large.txt", b"x" * 200_001)), "large.txt is larger than 0.2 MB"),
    ],
)
def test_what_cannot_be_attached_is_said_and_nothing_is(
    files: tuple[tuple[str, bytes], ...], words: str, settings: Settings
) -> None:
    settings.ATTACHMENT_BYTES = 200_000

    answer = signed_in().post(page_of(an_incident()), sent(*files))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Attachment.objects.exists()
    assert not AttachmentContent.objects.exists()


def test_a_record_has_so_many_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MOST", 2)
    record = an_incident()
    attach(record, [NewFile("1", b"1"), NewFile("2", b"2")], by=None, at=NOW)

    with pytest.raises(CannotAttach, match="2 files at most"):
        attach(record, [NewFile("3", b"3")], by=None, at=NOW)

    assert Attachment.objects.count() == 2


def test_readers_see_and_do_nothing() -> None:
    record, client = an_incident(), signed_in("reader")
    (attached,) = attach(record, [LOG], by=None, at=NOW)

    assert client.post(page_of(record), sent(("a", b"a"))).status_code == 403
    assert client.post(f"/attachments/{attached.pk}/remove/").status_code == 403
    page = client.get(page_of(record)).content.decode()
    assert "app.log" in page
    assert "Remove" not in page


def test_of_a_restricted_incident_only_who_is_named_knows() -> None:
    named = a_user("editor")
    record = a_restricted_incident(named)
    (attached,) = attach(record, [LOG], by=named, at=NOW)
    stranger, insider = signed_in("admin"), Client()
    insider.force_login(named)

    for path in (page_of(record), f"/attachments/{attached.pk}/"):
        assert insider.get(path).status_code == 200
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"/attachments/{attached.pk}/remove/").status_code == 404
    assert stranger.post(page_of(record), sent(("a", b"a"))).status_code == 404


def test_the_list_takes_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    record, editor = an_incident(), a_user("editor")
    for number in range(7):
        attach(record, [NewFile(f"{number}.txt", b"x")], by=a_user("editor"), at=NOW)
    operations.remove_attachment(Attachment.objects.earliest("pk"), by=editor, at=NOW)

    with django_assert_num_queries(1):
        found = attached_to(record, editor)
        names = [(one.name, one.added_by and one.added_by.name) for one in found.there]

    assert len(names) == 6
    assert [one.name for one in found.removed] == ["0.txt"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("graph.png", "graph.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\a.log", "a.log"),
        ("", "file"),
        ("..", "file"),
        ("a\nb\0c.txt", "a b c.txt"),
        ("\u202egnp.exe", "gnp.exe"),
        ("x" * 300 + ".png", "x" * 195 + "….png"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_names_are_names(name: str, shown: str) -> None:
    assert shown_name(name) == shown
