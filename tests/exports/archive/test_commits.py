"""What changed in the archive, as commits of those who changed it."""

import os
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from incidents.attachments.operations import NewFile, attach
from incidents.exports.archive import repository
from incidents.exports.archive.operations import Exported
from incidents.exports.archive.repository import Author, CannotCommit
from incidents.models import Incident, User
from tests.archive.folders import contents, exported
from tests.exports.archive.records import edited, recorded
from tests.factories import NOW, a_user

pytestmark = pytest.mark.django_db


def git(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    identity = ("-c", "user.name=Lee", "-c", "user.email=lee@example.com")
    done = subprocess.run(
        ["git", "-C", folder, *identity, *arguments],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def committed(folder: Path, **more: Any) -> Exported:
    return exported(folder, commit_at=NOW, **more)


def commits(folder: Path) -> list[str]:
    """The author, the time and the subject of each, the first first."""
    told = git(folder, "log", "--reverse", "--format=%an <%ae> %aI %s").splitlines()
    return [line.replace("+00:00", "Z") for line in told]


@pytest.fixture
def mara() -> User:
    return a_user(username="mara", first_name="Mara", last_name="Lind")


@pytest.fixture
def lee() -> User:
    return a_user(username="lee", first_name="Lee", last_name="")


def test_it_works(tmp_path: Path, mara: User, lee: User) -> None:
    one = recorded("One", by=mara)
    two = recorded("Two", by=lee, at=NOW + timedelta(hours=1))
    assert committed(tmp_path).commits == 2
    edited(one, by=lee, at=NOW + timedelta(hours=2), impact="All orders.")
    edited(two, by=mara, at=NOW + timedelta(hours=3), impact="None.")
    assert committed(tmp_path).commits == 2

    assert commits(tmp_path) == [
        f"Mara Lind <mara@example.com> 2026-03-14T12:00:00Z INC-{one.pk}: Recorded “One”",
        f"Lee <lee@example.com> 2026-03-14T13:00:00Z INC-{two.pk}: Recorded “Two”",
        f"Lee <lee@example.com> 2026-03-14T14:00:00Z INC-{one.pk}: Edited the impact",
        f"Mara Lind <mara@example.com> 2026-03-14T15:00:00Z INC-{two.pk}: Edited the impact",
    ]
    assert git(tmp_path, "status", "--porcelain") == ""
    assert git(tmp_path, "log", "-1", "--format=%B") == f"INC-{two.pk}: Edited the impact"
    assert git(tmp_path, "log", "-1", "--format=%cn <%ce>") == "Postmortems <postmortems@localhost>"


def test_nothing_changed_nothing_is_committed(tmp_path: Path, mara: User) -> None:
    recorded(by=mara)
    committed(tmp_path)

    assert committed(tmp_path).commits == 0
    assert len(commits(tmp_path)) == 1


def test_several_changes_of_one_person_are_one_commit(
    tmp_path: Path, mara: User, lee: User
) -> None:
    one, two = recorded("One", by=mara), recorded("Two", by=lee)
    edited(one, by=mara, at=NOW + timedelta(hours=1), impact="All.")
    edited(two, by=mara, at=NOW + timedelta(hours=2), impact="None.")
    committed(tmp_path)

    (line,) = commits(tmp_path)
    assert line.endswith(f"14:00:00Z INC-{one.pk}, INC-{two.pk}")
    assert git(tmp_path, "log", "-1", "--format=%b").splitlines() == [
        f"INC-{one.pk}: Recorded “One”",
        f"INC-{two.pk}: Recorded “Two”",
        f"INC-{one.pk}: Edited the impact",
        f"INC-{two.pk}: Edited the impact",
        "",
        "Co-authored-by: Lee <lee@example.com>",
    ]


def test_what_nobody_did_is_the_sites(tmp_path: Path) -> None:
    incident = recorded()
    committed(tmp_path)
    (tmp_path / ".gitattributes").unlink()
    committed(tmp_path)

    (line,) = commits(tmp_path)
    assert line.startswith("Postmortems <postmortems@localhost> 2026-03-14T12:00:00Z INC-")
    edited(incident, impact="None.")
    exported(tmp_path)
    Incident.objects.filter(pk=incident.pk).update(severity="sev1")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "By hand")
    committed(tmp_path)
    assert commits(tmp_path)[-1].endswith("Update the archive")


def test_what_could_not_be_committed_is_with_the_next(
    tmp_path: Path, mara: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(by=mara)
    with monkeypatch.context() as patch:
        patch.setattr(repository.shutil, "which", lambda _: None)
        with pytest.raises(CannotCommit, match="Git is not installed"):
            committed(tmp_path)

    assert committed(tmp_path, since="last").commits == 1
    assert git(tmp_path, "status", "--porcelain") == ""


def test_what_others_keep_there_is_theirs_to_commit(tmp_path: Path, mara: User) -> None:
    incident = recorded(by=mara)
    committed(tmp_path)
    theirs = ["README.md", f"incidents/INC-{incident.pk}/graph.png", "incidents/notes.md"]
    for name in theirs:
        (tmp_path / name).write_text("theirs")
    git(tmp_path, "add", "README.md")
    edited(incident, by=mara, impact="None.")
    committed(tmp_path)

    left = git(tmp_path, "status", "--porcelain", "--untracked-files=all").splitlines()
    assert sorted(line.split()[1] for line in left) == sorted(theirs)


def test_no_hook_runs_and_no_setting_of_the_machine_counts(
    tmp_path: Path, mara: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings"
    settings.write_text("[commit]\n\tgpgSign = true\n[core]\n\tautocrlf = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    folder = tmp_path / "archive"
    recorded(by=mara)
    committed(folder)
    monkeypatch.delenv("GIT_DIR")
    for name in ("pre-commit", "commit-msg", "post-commit"):
        hook = folder / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 1\n")
        hook.chmod(0o755)
    edited(Incident.objects.get(), by=mara, impact="None.")

    assert committed(folder).commits == 1
    assert not (tmp_path / "ran").exists()


def test_a_folder_within_another_repository_has_one_of_its_own(tmp_path: Path, mara: User) -> None:
    git(tmp_path, "init", "--quiet")
    recorded(by=mara)
    committed(tmp_path / "archive")

    assert len(commits(tmp_path / "archive")) == 1
    assert git(tmp_path, "status", "--porcelain", "--untracked-files=all") == "?? archive/"


def test_a_repository_that_is_broken_is_told_of(tmp_path: Path, mara: User) -> None:
    recorded(by=mara)
    (tmp_path / ".git").mkdir()

    with pytest.raises(CannotCommit, match="git status failed: fatal: not a git repository"):
        committed(tmp_path)


@pytest.mark.parametrize(
    ("name", "email", "told"),
    [
        ("Mara <x>\nLind", "mara@example.com\n", "Mara xLind <mara@example.com>"),
        ("<>", "", "unknown <unknown>"),
        ("...", " ", "unknown <unknown>"),
        ("Ünï 🔥", "a@b", "Ünï 🔥 <a@b>"),
    ],
)
def test_a_name_is_no_more_than_a_name(tmp_path: Path, name: str, email: str, told: str) -> None:
    assert str(Author(name, email)) == told

    recorded(by=a_user(username="x", first_name=name, email=email))
    committed(tmp_path)
    assert git(tmp_path, "log", "-1", "--format=%an <%ae>") == told


@pytest.mark.parametrize("title", ["# no remark", "-m x", "a\nb", "\u2028", "x" * 200])
def test_a_summary_is_no_more_than_a_text(tmp_path: Path, mara: User, title: str) -> None:
    incident = recorded(title, by=mara)
    committed(tmp_path)

    (line,) = commits(tmp_path)
    assert f"INC-{incident.pk}: Recorded “{' '.join(title.split())}"[:60] in line


def test_odd_names_of_folders_are_committed_like_others(tmp_path: Path, mara: User) -> None:
    edited(a_user(username="Ünï*[x]"), by=mara, first_name="X")
    committed(tmp_path)

    assert git(tmp_path, "status", "--porcelain") == ""
    assert "people/" in "".join(contents(tmp_path))


def test_files_go_with_whom_attached_them(tmp_path: Path, mara: User, lee: User) -> None:
    one = recorded("One", by=mara)
    committed(tmp_path)
    at = NOW + timedelta(hours=1)
    (file,) = attach(one, [NewFile("graph.png", b"\x89PNG")], by=lee, at=at)
    assert committed(tmp_path, since="last").commits == 1

    named = f"incidents/INC-{one.pk}/attachments/{file.pk}-graph.png"
    assert named in git(tmp_path, "show", "--name-only", "--format=%an").splitlines()
    assert git(tmp_path, "log", "-1", "--format=%an: %s") == (
        f"Lee: INC-{one.pk}: Attached graph.png"
    )
    assert git(tmp_path, "status", "--porcelain") == ""
