"""Which backups go, and which stay."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from incidents.backups.places import (
    ABANDONED,
    WORK,
    backups_in,
    keep_newest,
    name_at,
    put_in_place,
    taken_at,
    work_folder,
)

AT = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def backups(folder: Path, count: int) -> list[Path]:
    """One a day, the newest first."""
    found = []
    for days in range(count):
        path = folder / name_at(AT - timedelta(days=days))
        path.write_text("whole")
        found.append(path)
    return found


def whole(path: Path) -> bool:
    return path.read_text() == "whole"


def test_it_works(tmp_path: Path) -> None:
    one, two, three, four = backups(tmp_path, 4)

    assert keep_newest(tmp_path, 2, whole=whole) == ([three, four], [])
    assert backups_in(tmp_path) == [one, two]
    assert [taken_at(path) for path in (one, two)] == [AT, AT - timedelta(days=1)]


def test_what_is_not_whole_does_not_count_and_stays(tmp_path: Path) -> None:
    one, two, three, four = backups(tmp_path, 4)
    one.write_text("spoilt")
    two.write_text("spoilt")

    assert keep_newest(tmp_path, 1, whole=whole) == ([four], [one, two])
    assert backups_in(tmp_path) == [one, two, three]


def test_while_too_few_are_whole_nothing_goes(tmp_path: Path) -> None:
    found = backups(tmp_path, 4)
    for path in found[1:]:
        path.write_text("spoilt")

    assert keep_newest(tmp_path, 2, whole=whole) == ([], found[1:])
    assert backups_in(tmp_path) == found


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    backups(tmp_path, 2)
    others = [tmp_path / "thesis.backup", tmp_path / "postmortems-2026.backup"]
    for path in others:
        path.touch()

    keep_newest(tmp_path, 1, whole=whole)

    assert all(path.exists() for path in others)


def test_what_is_there_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "draft").write_text("new")
    (tmp_path / "there").write_text("old")

    with pytest.raises(FileExistsError):
        put_in_place(tmp_path / "draft", tmp_path / "there")
    assert (tmp_path / "there").read_text() == "old"


def test_a_work_folder_goes_and_so_does_what_a_killed_one_left(tmp_path: Path) -> None:
    left, running = tmp_path / f"{WORK}left", tmp_path / f"{WORK}running"
    for folder in (left, running):
        folder.mkdir()
    long_ago = AT.timestamp() - ABANDONED
    os.utime(left, (long_ago, long_ago))

    with work_folder(tmp_path) as work:
        (work / "draft").touch()

    assert [path.name for path in tmp_path.iterdir()] == [running.name]
