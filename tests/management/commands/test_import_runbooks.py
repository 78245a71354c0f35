from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from incidents.models import Runbook

pytestmark = pytest.mark.django_db


def imported(*arguments: object) -> str:
    said = StringIO()
    call_command("import_runbooks", *map(str, arguments), stdout=said, stderr=said)
    return said.getvalue()


def test_it_works(tmp_path: Path) -> None:
    (tmp_path / "pool.md").write_text("# Pool is empty\n\nCount.\n")
    (tmp_path / "broken.md").write_bytes(b"\xff")
    said = imported(tmp_path)
    assert "made        pool  Pool is empty" in said
    assert "broken.md: It is not UTF-8" in said
    assert "1 made, 0 changed, 0 the same, 0 edited here and left alone, 1 not read." in said


def test_a_dry_run_says_what_would_be(tmp_path: Path) -> None:
    (tmp_path / "pool.md").write_text("Count.\n")
    assert "1 would be made" in imported(tmp_path, "--dry-run")
    assert not Runbook.objects.exists()


def test_a_folder_without_markdown_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no Markdown file"):
        imported(tmp_path)


def test_a_place_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no file or folder"):
        imported(tmp_path / "nowhere")
