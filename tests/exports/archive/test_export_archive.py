"""The folder that an archive is written to, and what is written when something has changed."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.attachments.operations import NewFile, attach
from incidents.exports.archive import operations
from incidents.exports.archive.folder import NotOurFolder
from incidents.exports.archive.operations import TooLarge
from incidents.history.operations import change_record, create_record
from incidents.lib.front_matter import read
from incidents.models import Team
from tests.archive.folders import contents, exported
from tests.exports.archive.records import recorded
from tests.factories import (
    NOW,
    a_contributing_factor,
    a_delta,
    a_runbook,
    a_service,
    a_user,
    an_event,
    an_incident,
)

pytestmark = pytest.mark.django_db


def test_it_works(tmp_path: Path) -> None:
    owner, by = a_user(username="lee"), a_user(username="mara")
    incident = recorded(summary="The pool was full.\n\n- twice", owner=owner, by=by)
    incident.services.set([a_service(slug="orders"), a_service(slug="billing")])
    event = an_event(
        incident, text="Latency rose\nand rose", position=0, created_at=NOW, changed_at=NOW
    )
    exported(tmp_path / "archive")

    folder = tmp_path / f"archive/incidents/INC-{incident.pk}"
    assert sorted(each.name for each in folder.iterdir()) == ["history.jsonl", "incident.md"]
    assert (
        (folder / "incident.md").read_text()
        == f"""---
id: {incident.pk}
title: Orders time out
kind: own
state: draft
severity: unknown
detection: unknown
time_zone: UTC
owner: lee
services:
- billing
- orders
visibility: everyone
created_at: '2026-03-14T12:00:00Z'
timeline:
- id: {event.pk}
  position: 0
  kind: symptom
  text: |-
    Latency rose
    and rose
  created_at: '2026-03-14T12:00:00Z'
---

# Summary <!-- summary -->

The pool was full.

- twice
"""
    )
    assert (
        '"by": "mara", "summary": "Recorded “Orders time out”"'
        in (folder / "history.jsonl").read_text()
    )


def test_what_is_the_same_is_not_touched(tmp_path: Path) -> None:
    recorded()
    first = exported(tmp_path)
    assert first.written
    times = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")}

    again = exported(tmp_path)
    assert (again.written, again.removed) == ([], [])
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")} == times


def test_a_change_is_a_change_of_its_own_lines(tmp_path: Path) -> None:
    incident, other = recorded(summary="One.\n\nTwo.\n\nThree."), recorded("Another")
    exported(tmp_path)
    before = contents(tmp_path)
    values = {"summary": "One.\n\n2.\n\nThree."}
    change_record(incident, version=1, values=values, by=None, at=NOW, summary="Edited")
    done = exported(tmp_path)

    folder = f"incidents/INC-{incident.pk}"
    assert {str(name) for name in done.written} == {
        f"{folder}/incident.md",
        f"{folder}/history.jsonl",
        "archive.yaml",
    }
    after = contents(tmp_path)
    lines = {name: set(content.split(b"\n")) for name, content in before.items()}
    changed = set(after[f"{folder}/incident.md"].split(b"\n")) ^ lines[f"{folder}/incident.md"]
    assert changed == {b"Two.", b"2.", b"version: 2"}
    assert after[f"{folder}/history.jsonl"].startswith(before[f"{folder}/history.jsonl"])
    assert f"incidents/INC-{other.pk}/incident.md" in after


def test_files_of_what_is_gone_or_renamed_are_removed(tmp_path: Path) -> None:
    team = create_record(Team(name="One", slug="one"), by=None, at=NOW, summary="x")
    exported(tmp_path)
    change_record(team, version=1, values={"slug": "two"}, by=None, at=NOW, summary="Renamed")
    done = exported(tmp_path)

    assert sorted(map(str, done.removed)) == ["teams/one/history.jsonl", "teams/one/team.md"]
    assert [each.name for each in (tmp_path / "teams").iterdir()] == ["two"]


def test_what_others_put_beside_it_stays(tmp_path: Path) -> None:
    team = create_record(Team(name="One", slug="one"), by=None, at=NOW, summary="x")
    exported(tmp_path)
    theirs = ["README.md", "teams/one/photo.png", "teams/notes.md", "teams/ours/team.txt"]
    for name in theirs:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("theirs")
    change_record(team, version=1, values={"slug": "two"}, by=None, at=NOW, summary="Renamed")
    exported(tmp_path)

    assert all((tmp_path / name).read_text() == "theirs" for name in theirs)


def test_a_folder_that_is_somebody_elses_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(NotOurFolder, match=r"not empty \(it has thesis.txt\)"):
        exported(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_empty_repository_is_nobodys(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    exported(tmp_path)

    assert (tmp_path / ".gitattributes").read_text() == "* -text\n"


@pytest.mark.parametrize(
    "text", ["format: other\n", "format: postmortem-archive\nversion: 2\n", "\xff"]
)
def test_an_archive_that_this_version_does_not_know_is_left_alone(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "archive.yaml").write_bytes(text.encode("latin-1"))

    with pytest.raises(NotOurFolder, match="not the mark of an archive of ours"):
        exported(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(NotOurFolder, match="is a file"):
        exported(tmp_path / "file")


def test_a_link_leads_nowhere(tmp_path: Path) -> None:
    """Whoever can write to the folder must not decide what else is written."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    exported(tmp_path / "archive")
    incident = recorded()
    (tmp_path / "archive/incidents").symlink_to(elsewhere)

    with pytest.raises(NotOurFolder, match="is a link"):
        exported(tmp_path / "archive")
    assert not list(elsewhere.iterdir())

    (tmp_path / "archive/incidents").unlink()
    folder = tmp_path / f"archive/incidents/INC-{incident.pk}"
    folder.mkdir(parents=True)
    (elsewhere / "theirs").write_text("theirs")
    (folder / "incident.md").symlink_to(elsewhere / "theirs")
    exported(tmp_path / "archive")
    assert (elsewhere / "theirs").read_text() == "theirs"
    assert not (folder / "incident.md").is_symlink()


def test_stopped_half_way_it_says_so_and_the_next_run_finishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded()
    exported(tmp_path / "whole")
    with monkeypatch.context() as patch:
        patch.setattr(operations, "LARGEST", 300)
        with pytest.raises(TooLarge, match="more than 300 bytes"):
            exported(tmp_path / "archive")
    assert "rows" not in (tmp_path / "archive/archive.yaml").read_text()

    exported(tmp_path / "archive")
    assert contents(tmp_path / "archive") == contents(tmp_path / "whole")


def queries(path: Path) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        exported(path)
    return len(asked)


def test_thirty_records_take_as_many_queries_as_three(tmp_path: Path) -> None:
    def some(count: int) -> None:
        for number in range(count):
            incident = recorded(f"Incident {number}", owner=a_user())
            incident.services.add(a_service())
            an_event(incident)
            a_contributing_factor(incident)
            a_delta(incident)
            a_runbook()

    some(3)
    few = queries(tmp_path / "few")
    some(27)
    assert queries(tmp_path / "many") == few


def test_more_than_are_read_at_once_are_all_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incidents.exports.archive.rows.AT_A_TIME", 3)
    keys = [an_incident().pk for _ in range(10)]

    assert exported(tmp_path).records == 10
    for key in keys:
        values, _ = read((tmp_path / f"incidents/INC-{key}/incident.md").read_text())
        assert values["id"] == key


def test_files_stand_beside_their_record(tmp_path: Path) -> None:
    runbook = a_runbook(slug="pool")
    (log,) = attach(runbook, [NewFile("a b.log", b"it fell\r\n")], by=None, at=NOW)
    exported(tmp_path)
    file = tmp_path / f"runbooks/pool/attachments/{log.pk}-a-b.log"
    assert file.read_bytes() == b"it fell\r\n"

    # What is right is left alone, what is not is mended, what is nobody's goes.
    assert exported(tmp_path).written == []
    file.write_bytes(b"it flew\r\n")
    (file.parent / "99-gone.png").write_bytes(b"")
    exported(tmp_path)
    assert file.read_bytes() == b"it fell\r\n"
    assert [each.name for each in file.parent.iterdir()] == [file.name]

    runbook.slug = "pools"
    runbook.save()
    exported(tmp_path)
    assert not (tmp_path / "runbooks/pool").exists()
    assert (tmp_path / f"runbooks/pools/attachments/{file.name}").read_bytes() == b"it fell\r\n"


def test_what_is_in_a_file_is_not_read_again(tmp_path: Path) -> None:
    attach(a_runbook(), [NewFile("a.log", b"it fell")], by=None, at=NOW)
    exported(tmp_path)

    with CaptureQueriesContext(connection) as queries:
        exported(tmp_path)

    assert not [each for each in queries if "incidents_attachmentcontent" in each["sql"]]
