"""Every migration runs while the version before still serves: it adds, and takes nothing away."""

import pytest
from django.db import models
from django.db.migrations import operations as done
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.models.functions import Now

from tests.upgrades import APP, HARMLESS, RELEASED, hindrances, migrations_since, state_at

BEFORE_ANY_RELEASE = "0026_exports_of_reviews"


def hindered(*operations: Operation) -> list[str]:
    """What these would do, if they were the next migration."""
    migration = Migration("9999_next", APP)
    migration.operations = list(operations)
    return [wrong for _, _, wrong in hindrances([migration], state_at(RELEASED))]


def test_every_migration_since_the_release_only_adds() -> None:
    """Mend the migration, or say in `tests/upgrades.py` why the version before does not mind."""
    found = hindrances(migrations_since(RELEASED), state_at(RELEASED))

    assert {one: wrong for one, wrong in map(keyed, found) if one not in HARMLESS} == {}


def keyed(found: tuple[str, str, str]) -> tuple[tuple[str, str], str]:
    migration, operation, wrong = found
    return (migration, operation), wrong


def test_every_exception_is_of_a_migration_that_is_there_and_has_a_reason() -> None:
    found = {keyed(one)[0] for one in hindrances(migrations_since(RELEASED), state_at(RELEASED))}

    assert set(HARMLESS) - found == set()
    assert all(len(reason.split()) > 3 for reason in HARMLESS.values())


def test_what_was_done_before_any_release_would_be_found() -> None:
    (first, *_) = migrations_since(BEFORE_ANY_RELEASE)
    found = [name for _, name, _ in hindrances([first], state_at(BEFORE_ANY_RELEASE))]

    assert any(name.startswith("Remove field") for name in found)


WORD = models.CharField(max_length=40)
HINDERING = {
    "a column without a default": done.AddField("service", "colour", WORD),
    "with a default of Python's": done.AddField(
        "service", "colour", models.CharField(max_length=40, default="")
    ),
    "a column of which each value may be there once": done.AddField(
        "service", "colour", models.CharField(max_length=40, null=True, unique=True)
    ),
    "a column that goes": done.RemoveField("service", "name"),
    "a column with another name": done.RenameField("service", "name", "title"),
    "a column without null": done.AlterField("incident", "began_at", models.DateTimeField()),
    "a shorter column": done.AlterField("service", "name", models.CharField(max_length=2)),
    "a column of another type": done.AlterField("service", "name", models.IntegerField()),
    "a table that goes": done.DeleteModel("Service"),
    "a table with another name": done.RenameModel("Service", "System"),
    "a rule": done.AddConstraint(
        "service", models.CheckConstraint(condition=~models.Q(name="x"), name="no_x")
    ),
    "a program": done.RunPython(done.RunPython.noop),
    "words of SQL": done.RunSQL("SELECT 1"),
}


@pytest.mark.parametrize("name", HINDERING)
def test_what_hinders_the_version_before_is_found(name: str) -> None:
    assert len(hindered(HINDERING[name])) == 1


ADDING = {
    "a column with null": done.AddField(
        "service", "colour", models.CharField(max_length=40, null=True)
    ),
    "a column with a default of the database": done.AddField(
        "service", "coloured_at", models.DateTimeField(db_default=Now())
    ),
    "a longer column": done.AlterField("service", "name", models.CharField(max_length=4000)),
    "an index": done.AddIndex("service", models.Index(fields=["name"], name="by_name")),
}


@pytest.mark.parametrize("name", ADDING)
def test_what_only_adds_is_left_alone(name: str) -> None:
    assert hindered(ADDING[name]) == []


def test_a_new_table_may_have_its_own_rules() -> None:
    table = done.CreateModel("Colour", [("id", models.BigAutoField(primary_key=True))])
    column = done.AddField("colour", "name", models.CharField(max_length=40, default=""))
    rule = done.AddConstraint(
        "colour", models.CheckConstraint(condition=~models.Q(name=""), name="a_name")
    )

    assert hindered(table, column, rule) == []
