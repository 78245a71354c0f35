"""Archives in tests: exporting, reading, and comparing folders."""

from pathlib import Path
from typing import Any

from django.core import serializers

from incidents.archive.kinds import tables
from incidents.exports.archive.operations import Exported, export_archive
from incidents.importers.archive.operations import import_archive
from incidents.models import AttachmentContent


def exported(path: Path, **more: Any) -> Exported:
    return export_archive(path, tell=lambda *_: None, **more)


def imported(path: Path) -> dict[str, int]:
    return import_archive(path, tell=lambda *_: None)


def contents(path: Path) -> dict[str, bytes]:
    """Every file under the folder, by its name from there."""
    return {
        str(file.relative_to(path)): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file()
    }


def rows() -> dict[str, Any]:
    """All that an archive has to bring back, with what is worked out of it."""
    found = {}
    for table in tables():
        told = serializers.serialize("python", table.model._base_manager.order_by("pk"))
        for row in told:
            for name in table.left_out:
                row["fields"].pop(name, None)
            for column in table.many:
                row["fields"][column.name].sort()
        found[table.name] = told
    files = AttachmentContent.objects.order_by("pk").values_list("pk", "data")
    found["contents"] = [(key, bytes(data)) for key, data in files]
    return found
