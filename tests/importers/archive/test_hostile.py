"""What anybody may have written: a clear sentence, and nothing is there that was not before."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from incidents.archive.kinds import tables
from incidents.attachments.operations import NewFile, attach
from incidents.history.operations import create_record
from incidents.importers.archive import reading
from incidents.importers.archive.operations import NotEmpty
from incidents.importers.archive.reading import BrokenArchive
from incidents.models import ImpactMeasure, Incident, Knob, LessonLink, SearchEntry
from tests.archive.folders import contents, exported, imported
from tests.factories import NOW, a_contributing_factor, a_lesson, a_runbook, a_user, an_event


@pytest.fixture(scope="module")
def whole(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("archive") / "small"
    with django_db_blocker.unblock(), transaction.atomic():
        person = a_user(username="mara")
        incident = create_record(
            Incident(title="Orders time out", summary="Full."),
            by=person,
            at=NOW,
            summary="Recorded",
        )
        an_event(incident, text="Latency rose\nand rose")
        a_contributing_factor(incident)
        LessonLink.objects.create(incident=incident, lesson=a_lesson(), relation="upheld")
        ImpactMeasure.objects.create(incident=incident, name="orders", value=5, out_of=9)
        create_record(Knob(component="unicorn", key="a"), by=None, at=NOW, summary="x")
        create_record(Knob(component="unicorn", key="b"), by=None, at=NOW, summary="x")
        attach(a_runbook(), [NewFile("graph.png", b"\x89PNG")], by=person, at=NOW)
        exported(path)
        transaction.set_rollback(True)
    return path


@pytest.fixture
def archive(whole: Path, tmp_path: Path) -> Path:
    for name, content in contents(whole).items():
        file = tmp_path / "archive" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return tmp_path / "archive"


def incident(archive: Path) -> Path:
    return next((archive / "incidents").glob("INC-*/incident.md"))


def change(file: Path, pattern: str, to: str) -> None:
    text = file.read_text()
    changed = re.sub(pattern, to, text, count=1, flags=re.MULTILINE)
    assert changed != text
    file.write_text(changed)


def refused(archive: Path) -> str:
    """Why it is; and that nothing of it is there."""
    with pytest.raises(BrokenArchive) as refusal, transaction.atomic():
        imported(archive)
    assert not any(table.model._base_manager.exists() for table in tables())
    assert not SearchEntry.objects.exists()
    return str(refusal.value)


@pytest.mark.django_db
def test_it_works(archive: Path) -> None:
    assert imported(archive)["incident"] == 1


def attached(archive: Path) -> Path:
    return next((archive / "runbooks").glob("*/attachments/*-graph.png"))


@pytest.mark.django_db
def test_a_file_that_is_another_one_is_refused(archive: Path) -> None:
    attached(archive).write_bytes(b"\x89PNF")
    assert "graph.png: It is not the file that was attached" in refused(archive)


@pytest.mark.django_db
def test_a_file_that_is_missing_is_refused(archive: Path) -> None:
    attached(archive).unlink()
    assert "graph.png: It is missing." in refused(archive)


@pytest.mark.django_db
def test_a_file_of_which_no_row_tells_is_refused(archive: Path) -> None:
    (attached(archive).parent / "99-more.png").write_bytes(b"more")
    assert "99-more.png: No file of an archive is called so" in refused(archive)


@pytest.mark.django_db
def test_a_link_in_place_of_a_file_is_refused(archive: Path, tmp_path: Path) -> None:
    file = attached(archive)
    (tmp_path / "elsewhere").write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(tmp_path / "elsewhere")
    assert "graph.png: It is no file that can be read" in refused(archive)


@pytest.mark.django_db
def test_a_site_that_has_something_is_left_alone(archive: Path) -> None:
    a_user(username="somebody")

    with pytest.raises(NotEmpty, match="has 1 user"):
        imported(archive)
    assert not Incident.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pattern", "to", "why"),
    [
        (r"\A---\n", "", "does not begin with a line"),
        (r"^title: .*", "title: &a x\nkind: *a", "anchors"),
        (r"^title: .*", "title: !!python/name:os.system x", "tags"),
        (r"^title: .*", "title: [", "cannot be read: line"),
        (r"^title: .*\n", "", "“title” is missing"),
        (r"^title: .*", "title: ''", "incidents_incident_title_filled"),
        (r"^title: .*", f"title: {'x' * 201}", "“title” has 201 characters"),
        (r"^title: .*", r'title: "a\\0b"', "“title” holds a NUL"),
        (r"^title: .*", r"title: x\nseverities: sev1", "“severities”, which this version"),
        (r"^kind: .*", "kind: other", "“kind” has to be one of"),
        (r"^id: .*", "id: 77", "folder of this record is called INC-77"),
        (r"^id: .*", "id: ../../etc", "“id” has to be a whole number"),
        (r"^created_at: .*", "created_at: never", "“created_at” has to be a time"),
        (r"^title: .*", r"title: x\nowner: nobody", "“owner” names “nobody”, which is not in"),
        (r"^title: .*", r"title: x\nowner: [a]", "“owner” has to name a user"),
        (r"^title: .*", r"title: x\ntags: [a, a]", "nothing is twice"),
        (r"^title: .*", r"title: x\ntags: a", "“tags” has to be a list"),
        (r"LES-\d+", "LES-99999", "names LES-99999, which is not in the archive"),
        (r"LES-\d+", "LES-" + "9" * 40, "a reference such as LES-42"),
        (r"^timeline:\n", r"timeline: x\nwords:\n", "“words”, which this|no list of rows"),
        (r"^  out_of: .*", "  out_of: '4'", "not larger than the whole"),
        (r"^  value: .*", "  value: 5", "impact_measures 1: “value” has to be a number in quotes"),
        (r"^# Summary", "lost\n\n# Summary", "text before the first heading"),
        (r"<!-- summary -->", "<!-- abstract -->", "called “abstract”"),
        (r"^title: .*", r"title: x\nsummary: again", "“summary” is there twice"),
    ],
)
def test_a_record_that_is_none_is_refused(archive: Path, pattern: str, to: str, why: str) -> None:
    change(incident(archive), pattern, to)

    assert re.search(why, said := refused(archive)), said
    assert "incident.md" in said or "lesson link" in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff\xfe-\x00-\x00", "not UTF-8 text (byte 0)"),
        (b"\xef\xbb\xbf---\n", "byte order mark"),
        (b"---\r\nid: 1\r\n---\r\n", "core.autocrlf"),
        (b"", "does not begin with"),
        (b"---\n" + b"[" * 100_000 + b"\n---\n", "in one another"),
        (b"---\n? [a]\n: b\n---\n", "a name has to be a text"),
    ],
)
def test_what_is_no_text_is_refused(archive: Path, content: bytes, why: str) -> None:
    incident(archive).write_bytes(content)

    assert why in refused(archive)


@pytest.mark.django_db
def test_a_file_of_a_gigabyte_is_not_even_read(archive: Path) -> None:
    with incident(archive).open("r+b") as file:
        file.truncate(10**9)

    assert "It is larger than 32,000,000 bytes" in refused(archive)


@pytest.mark.django_db
def test_a_line_without_an_end_is_not_read_to_its_end(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGEST", 10_000)
    (incident(archive).parent / "history.jsonl").write_text("[" * 20_000)

    assert "history.jsonl, line 1: It is longer than 10,000 bytes" in refused(archive)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "cannot be read"),
        ("[1]", "no list of names"),
        ('{"id": 1, "id": 2}', "a name is there twice"),
        ("[" * 100_000, "cannot be read"),
        (
            '{"id": 900, "at": "2026-03-14T12:00:00Z", "summary": "x", "parts": '
            + "[" * 700
            + "]" * 700
            + "}",
            "more than 90 lists in one another",
        ),
        ('{"id": 900, "at": "2026-03-14T12:00:00Z", "summary": "x"}', "“parts” is missing"),
        (
            '{"id": 900, "at": "2026-03-14T12:00:00Z", "summary": "x", "parts": ["\\u0000"]}',
            "“parts” holds a NUL",
        ),
        (
            '{"id": 900, "at": "2026-03-14T12:00:00Z", "summary": "x", "parts": [NaN]}',
            "“parts” holds a number without an end",
        ),
    ],
)
def test_a_line_of_history_that_is_none_is_refused(archive: Path, line: str, why: str) -> None:
    file = incident(archive).parent / "history.jsonl"
    file.write_text(f"{file.read_text()}{line}\n")

    said = refused(archive)
    assert re.search(why, said), said
    assert "history.jsonl, line 2" in said


@pytest.mark.django_db
def test_a_file_that_was_copied_in_part_is_noticed(archive: Path) -> None:
    file = incident(archive).parent / "history.jsonl"
    file.write_text(file.read_text()[:-1])

    assert "ends in the middle" in refused(archive)


@pytest.mark.django_db
@pytest.mark.parametrize("lost", ["incident.md", "history.jsonl", "."])
def test_a_file_that_is_missing_is_noticed(archive: Path, lost: str) -> None:
    folder = incident(archive).parent
    for file in [folder / lost] if lost != "." else [*folder.iterdir()]:
        file.unlink()
    if lost == ".":
        folder.rmdir()

    assert re.search("It is missing|a file is missing", refused(archive))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["incidents/INC-1", "people/mara/person.md", "tags.jsonl"])
def test_a_link_is_not_followed(archive: Path, tmp_path: Path, name: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = archive / name
    if path.exists() and path.is_file():
        path.unlink()
    if not path.exists():
        path.symlink_to(elsewhere if name.endswith("INC-1") else "/etc/passwd")
    else:
        (archive / "incidents").rename(tmp_path / "moved")
        (archive / "incidents").symlink_to(tmp_path / "moved")

    assert re.search("link|Only folders", refused(archive))


@pytest.mark.django_db
def test_a_pipe_is_not_waited_for(archive: Path) -> None:
    incident(archive).unlink()
    os.mkfifo(incident_folder(archive) / "incident.md")

    assert "no file that can be read" in refused(archive)


def incident_folder(archive: Path) -> Path:
    return next((archive / "incidents").glob("INC-*"))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["incidents/INC-9.md", "incidents/readme.txt"])
def test_what_is_no_folder_of_a_record_is_not_passed_over(archive: Path, name: str) -> None:
    (archive / name).write_text("x")

    assert f"{name}: Only folders of records belong there" in refused(archive)


@pytest.mark.django_db
def test_a_file_that_nobody_knows_is_not_passed_over(archive: Path) -> None:
    (incident(archive).parent / "graph.png").write_bytes(b"x")

    assert "graph.png: No file of an archive is called so" in refused(archive)


@pytest.mark.django_db
def test_what_others_keep_beside_it_is_theirs(archive: Path) -> None:
    (archive / "README.md").write_text("Ours.")
    (archive / ".git").mkdir()
    (archive / "incidents/.DS_Store").write_bytes(b"\0")

    assert imported(archive)["incident"] == 1


@pytest.mark.django_db
def test_two_records_with_one_number_are_refused(archive: Path) -> None:
    first, second = sorted((archive / "knobs").glob("*/knob.md"))
    key = re.search(r"^id: (\d+)", first.read_text(), re.MULTILINE)
    assert key
    change(second, r"^id: .*", key[0])
    second.parent.rename(second.parent.with_name(f"unicorn-b~{key[1]}"))
    for line in (archive / "knobs").glob("unicorn-b*/history.jsonl"):
        line.unlink()

    said = refused(archive)
    assert "unicorn-b~" in said
    assert "Another knob in the archive has the same" in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("format: other\n", "does not say “format: postmortem-archive”"),
        ("- format\n", "does not say"),
        ("format: [", "cannot be read"),
        (
            "format: postmortem-archive\nversion: 2\n",
            "has version 2 of the format; this site reads 1",
        ),
        ("format: postmortem-archive\nversion: 1\n", "not written to its end"),
        ("format: postmortem-archive\nversion: 1\nrows:\n  user: many\n", "whole numbers"),
    ],
)
def test_another_format_is_refused(archive: Path, text: str, why: str) -> None:
    (archive / "archive.yaml").write_text(text)

    assert why in refused(archive)


@pytest.mark.django_db
def test_a_folder_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    assert "archive.yaml: It is missing" in refused(tmp_path)
    assert "There is no such folder" in refused(tmp_path / "nowhere")


@pytest.mark.django_db
def test_a_hundred_thousand_folders_are_refused_at_the_first(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1_000):
        (archive / f"incidents/INC-{number + 10**6}").mkdir()

    assert "incident.md: It is missing" in refused(archive)
