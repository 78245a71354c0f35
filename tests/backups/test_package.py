"""The file of a backup: whole, or refused."""

import stat
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from incidents.backups import package
from incidents.backups.manifest import VERSION, Manifest, NotWhole, Table, read_manifest
from incidents.backups.package import SEAL_LENGTH, member_of, read_package, write_package

AT = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def written(folder: Path, *, content: bytes = b"Every row." * 100) -> Path:
    source = folder / "database.dump"
    source.write_bytes(content)
    target = folder / "a.backup"
    write_package(target, manifest(source), {source.name: source})
    return target


def manifest(*sources: Path) -> Manifest:
    return Manifest(
        made_at=AT,
        site="https://postmortems.example",
        vendor="postgresql",
        server="15.18",
        migrations=frozenset({("incidents", "0001_initial"), ("auth", "0001_initial")}),
        tables={"incidents_incident": Table(3, "ab" * 32)},
        members={source.name: member_of(source) for source in sources},
    )


def refusal(path: Path) -> str:
    with pytest.raises(NotWhole) as refused:
        read_package(path)
    return str(refused.value)


def test_it_works(tmp_path: Path) -> None:
    path = written(tmp_path)
    found = read_package(path)
    (tmp_path / "there").mkdir()

    assert found.manifest == manifest(tmp_path / "database.dump")
    assert found.extract("database.dump", tmp_path / "there").read_bytes() == b"Every row." * 100


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = written(tmp_path)
    (tmp_path / "there").mkdir()
    extracted = read_package(path).extract("database.dump", tmp_path / "there")

    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(extracted.stat().st_mode) == 0o600


def test_tar_opens_it_too(tmp_path: Path) -> None:
    with tarfile.open(written(tmp_path)) as archive:
        assert archive.getnames() == ["manifest.json", "database.dump"]


def test_a_byte_that_is_changed_anywhere_is_noticed(tmp_path: Path) -> None:
    path = written(tmp_path)
    whole = path.read_bytes()
    places = [*range(0, len(whole), 61), *range(len(whole) - SEAL_LENGTH - 2, len(whole))]

    taken = []
    for place in places:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            read_package(path)
        except NotWhole:
            continue
        taken.append(place)

    assert len(places) > 200
    assert taken == []


@pytest.mark.parametrize("left", [0, 1, 71, 72, 73, 512, 5_000, -1, -72, -73, -512])
def test_what_is_cut_short_is_refused(tmp_path: Path, left: int) -> None:
    path = written(tmp_path)
    path.write_bytes(path.read_bytes()[:left])

    assert "cut short" in refusal(path)


def test_what_is_longer_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(path.read_bytes() + b"\n")

    assert refusal(path)


def test_another_file_is_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_text("Nothing of ours." * 1000)

    assert refusal(path).startswith("It is no backup of this program")


def test_members_have_to_be_those_that_are_told_of(tmp_path: Path) -> None:
    """Also where somebody has sealed the file anew."""
    source = tmp_path / "database.dump"
    source.write_bytes(b"Some rows.")
    told = manifest(source)
    source.write_bytes(b"Same rows.")
    write_package(tmp_path / "a.backup", told, {source.name: source})

    assert refusal(tmp_path / "a.backup") == "Its parts are not those that it tells of."


def test_a_later_format_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incidents.backups.manifest.VERSION", VERSION + 1)
    path = written(tmp_path)
    monkeypatch.undo()

    assert "a newer version of the program" in refusal(path)


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"format": "another"}', b"\xff", b"null"])
def test_what_it_says_of_itself_is_read_with_suspicion(text: bytes) -> None:
    with pytest.raises(NotWhole):
        read_manifest(text)


def test_a_manifest_of_any_size_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path)
    monkeypatch.setattr(package, "LARGEST_MANIFEST", 10)

    assert refusal(path) == "It is no backup of this program."
