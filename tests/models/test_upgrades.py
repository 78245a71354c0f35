"""The version before reads and writes beside this one: by its models, on the tables of today."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from incidents.history.operations import create_record
from incidents.models import Service
from tests.factories import NOW, a_user
from tests.models.test_constraints import RIGHT_ROWS
from tests.upgrades import APP, RELEASED, migrations_since, state_at

pytestmark = pytest.mark.django_db

SERVED = [RELEASED, *(migration.name for migration in migrations_since(RELEASED)[:-1])]
"""Each version since the release: whoever upgrades from one to the next passes through."""


def old_models(name: str) -> Iterator[Any]:
    """As the version whose last migration this is knew its tables."""
    for model in state_at(name).apps.get_app_config(APP).get_models():
        if model._meta.managed and not model._meta.proxy:
            yield model


@pytest.fixture
def _full() -> None:
    for model, row in RIGHT_ROWS.items():
        model._base_manager.create(**row())
    create_record(Service(name="A", slug="a"), by=a_user("editor"), at=NOW, summary="Added it")


def trouble(model: Any) -> str:
    """Reading, changing and adding one row as the version before; what is written is taken back."""
    try:
        with transaction.atomic():
            row = model._base_manager.order_by("pk").first()
            if row is None:
                return "has no row here"
            row.save(force_update=True)
            model._base_manager.filter(pk=row.pk)._raw_delete(connection.alias)
            row.save(force_insert=True)
            connection.check_constraints()
            transaction.set_rollback(True)
    except DatabaseError as error:
        return f"{type(error).__name__}: {error}"
    return ""


@pytest.mark.usefixtures("_full")
@pytest.mark.parametrize("name", SERVED)
def test_the_version_before_reads_and_writes_every_table(name: str) -> None:
    tables = list(old_models(name))
    found = {model.__name__: wrong for model in tables if (wrong := trouble(model))}

    assert len(tables) > 40
    assert found == {}


@pytest.mark.usefixtures("_full")
@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE incidents_service RENAME COLUMN name TO title",
        "ALTER TABLE incidents_service RENAME TO incidents_system",
    ],
)
def test_what_takes_something_away_is_noticed(change: str) -> None:
    (service,) = (model for model in old_models(RELEASED) if model.__name__ == "Service")
    assert trouble(service) == ""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Views and keys that name it are left alone.
            cursor.execute("PRAGMA legacy_alter_table = ON")
        cursor.execute(change)

    assert "Error" in trouble(service)
