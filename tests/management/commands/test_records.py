"""`export_records` and `import_records`."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from incidents.models import Incident
from tests.factories import an_incident

pytestmark = pytest.mark.django_db


def called(command: str, *arguments: object, **options: object) -> str:
    said = StringIO()
    call_command(command, *map(str, arguments), stdout=said, stderr=said, **options)
    return said.getvalue()


def test_it_works(tmp_path: Path) -> None:
    with transaction.atomic():
        an_incident(title="Orders time out")
        assert called("export_records", tmp_path) == (
            f"{tmp_path}: 1 record, 3 files written, 0 removed.\n"
        )
        transaction.set_rollback(True)
    assert not Incident.objects.exists()

    assert called("import_records", tmp_path) == "Imported: 1 incident.\n"
    assert Incident.objects.get().title == "Orders time out"
    assert called("export_records", tmp_path) == (
        f"{tmp_path}: 1 record, 0 files written, 0 removed.\n"
    )


def test_a_site_with_records_is_left_alone(tmp_path: Path) -> None:
    an_incident()
    called("export_records", tmp_path)

    with pytest.raises(CommandError, match="This site is not empty"):
        called("import_records", tmp_path)


def test_what_is_no_archive_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="It is missing"):
        called("import_records", tmp_path)


def test_a_folder_that_cannot_be_used_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "thesis").touch()
    with pytest.raises(CommandError, match="not empty"):
        called("export_records", tmp_path)
    with pytest.raises(CommandError, match="cannot be used"):
        called("export_records", tmp_path / "thesis/x")
    with pytest.raises(CommandError, match="Name the folder"):
        called("export_records")


def test_what_changed_is_committed(tmp_path: Path) -> None:
    an_incident()
    said = called("export_records", tmp_path, since="last", commit=True)
    assert said == f"{tmp_path}: 1 record, 3 files written, 0 removed, 1 commit.\n"

    with pytest.raises(CommandError, match="is no moment"):
        called("export_records", tmp_path, since="yesterday")


def test_the_schema_is_printed() -> None:
    assert "incident.md" in json.loads(called("export_records", schema=True))["$defs"]
