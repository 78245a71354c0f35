"""One archive of everything for all tests of this folder, which is written once."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import transaction

from incidents.models import SearchEntry
from tests.archive.everything import make_everything
from tests.archive.folders import exported, rows


class Site(NamedTuple):
    """What a site had, and the archive of it. `found_by` are its search entries."""

    path: Path
    rows: dict[str, Any]
    found_by: list[tuple[Any, ...]]


def found_by() -> list[tuple[Any, ...]]:
    """Of each record the words by which it is found, whatever their order."""
    entries = SearchEntry.objects.values_list("kind", "record_id", "title", "names", "body")
    return sorted((*one, sorted(two.split("\n"))) for *one, two in entries)


@pytest.fixture(scope="session")
def everything(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Site:
    path = tmp_path_factory.mktemp("archive") / "everything"
    with django_db_blocker.unblock(), transaction.atomic():
        make_everything()
        exported(path)
        site = Site(path, rows(), found_by())
        transaction.set_rollback(True)
    return site
