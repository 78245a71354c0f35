"""What a migration may do while the version before still serves (docs/operate/upgrades.md)."""

from collections.abc import Iterator
from functools import cache

from django.db import connection, models
from django.db.migrations import operations as done
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

APP = "incidents"
RELEASED = "0043_imported_runbooks"
"""The last migration of the version that may be serving while this one is prepared. With each
release it becomes the newest. Nothing was released before this one."""

# What else stands in a migration since, by its name and the operation; with the reason why the
# version before does not mind.
HARMLESS: dict[tuple[str, str], str] = {
    (
        "0045_languages",
        "Create constraint incidents_user_language_is_a_choice on model user",
    ): "The version before never writes the column, and its default fits.",
}

# Of tables that the version before has: it neither reads nor writes what they are about.
ADDITIVE = (
    done.CreateModel,
    done.AddIndex,
    done.RemoveIndex,
    done.RemoveConstraint,
    done.AlterModelOptions,
    done.AlterModelManagers,
)


@cache
def loader() -> MigrationLoader:
    return MigrationLoader(None)


def migrations_since(name: str) -> list[Migration]:
    """Those behind it, in the order in which they are applied."""
    plan = loader().graph.forwards_plan(newest())
    ours = [key for key in plan if key[0] == APP]
    return [loader().disk_migrations[key] for key in ours[ours.index((APP, name)) + 1 :]]


def newest() -> tuple[str, str]:
    (found,) = loader().graph.leaf_nodes(APP)
    return found


def state_at(name: str) -> ProjectState:
    return loader().project_state((APP, name))


def hindrances(migrations: list[Migration], state: ProjectState) -> Iterator[tuple[str, str, str]]:
    """Migration, operation and what it does to the version before; `state` is that version's."""
    known = set(state.models)
    for migration in migrations:
        for operation in migration.operations:
            wrong = hindrance(operation, state, known)
            if wrong:
                yield migration.name, operation.describe(), wrong
            operation.state_forwards(APP, state)


def hindrance(operation: Operation, state: ProjectState, known: set[tuple[str, str]]) -> str:
    """Empty where there is none. `known` are the tables of the version before."""
    name = getattr(operation, "model_name", "")
    is_new = bool(name) and (APP, name.lower()) not in known
    if is_new or isinstance(operation, ADDITIVE):
        return ""
    if isinstance(operation, done.AddField):
        return of_a_new_column(operation.field)
    if isinstance(operation, done.AlterField):
        before = state.models[APP, operation.model_name_lower].get_field(operation.name)
        return of_another_column(before, operation.field)
    if isinstance(operation, done.AddConstraint):
        return "may refuse what the version before writes"
    return "takes away what the version before knows, or cannot be judged here"


def of_a_new_column(field: models.Field) -> str:
    if field.many_to_many or field.null or field.has_db_default():
        return "" if not field.unique else "may refuse what the version before writes"
    return "has neither null nor a db_default, so that the version before cannot add a row"


def of_another_column(before: models.Field, after: models.Field) -> str:
    before_type, after_type = (type_of(field) for field in (before, after))
    if before.null and not after.null:
        return "takes no null any more"
    if after.unique and not before.unique:
        return "has to be unique now"
    if (before.db_column or before.name) != (after.db_column or before.name):
        return "has another name"
    return "" if before_type == after_type or is_wider(before, after) else "is of another type"


def is_wider(before: models.Field, after: models.Field) -> bool:
    if type(before) is not type(after) or before.max_length is None:
        return False
    return after.max_length is None or after.max_length >= before.max_length


def type_of(field: models.Field) -> str:
    """The column's; of a relation its kind, since its target is not at hand."""
    if field.is_relation:
        return type(field).__name__
    return field.db_type(connection) or ""
