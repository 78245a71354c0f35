from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from incidents.importers.intake.operations import apply_now, import_now, undo_now
from incidents.models import Import
from tests.factories import NOW

BringIn = Callable[..., Import]


def quiet(_done: int, _total: int | None) -> None:
    """How far it is concerns nobody here."""


@pytest.fixture
def bring_in(tmp_path: Path) -> BringIn:
    """Write these texts into a folder, read it, and, unless it is a dry run, apply it."""

    def bring_in(texts: Mapping[str, str], *, dry_run: bool = False, **options: object) -> Import:
        for name, text in texts.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        by = options.pop("by", None)
        found = import_now(
            tmp_path,
            wanted="markdown",
            options=options,
            by=by,
            at=NOW,
            tell=quiet,  # type: ignore[arg-type]
        )
        if not dry_run:
            apply_now(found, by=found.owner, at=NOW, tell=quiet)
        return Import.objects.get(pk=found.pk)

    return bring_in


def undo(found: Import) -> list[str]:
    """What came of each row."""
    undo_now(found, by=found.owner, at=NOW, tell=quiet)
    return list(found.rows.order_by("position").values_list("why", flat=True))
