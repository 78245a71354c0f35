"""The archive that a worker keeps."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from incidents.exports.archive.tasks import archive
from incidents.jobs.kinds import KINDS
from incidents.jobs.work import CannotBeDone
from tests.exports.archive.records import edited, recorded
from tests.factories import NOW, a_user

pytestmark = pytest.mark.django_db


def worked() -> str:
    return archive(SimpleNamespace(at=NOW, progress=lambda *_: None))  # type: ignore[arg-type]  # all that it asks of its work


def test_it_works(tmp_path: Path, settings: Any) -> None:
    settings.ARCHIVE_DIR = str(tmp_path / "archive")
    incident = recorded(by=a_user())

    assert worked() == "Archive: 5 files written, 0 removed, 1 commit"
    edited(incident, impact="None.")
    assert worked() == "Archive: 3 files written, 0 removed, 1 commit"
    assert worked() == "Archive: 0 files written, 0 removed, 0 commits"


def test_without_the_setting_there_is_none(settings: Any) -> None:
    settings.ARCHIVE_DIR = ""

    assert worked() == "No archive is wanted any more"
    assert KINDS["exports.archive"].every is None


def test_what_cannot_be_done_says_why(tmp_path: Path, settings: Any) -> None:
    settings.ARCHIVE_DIR = str(tmp_path)
    (tmp_path / "thesis").touch()

    with pytest.raises(CannotBeDone, match="not empty"):
        worked()
