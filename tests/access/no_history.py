"""A site on which nothing can be written into history any more."""

from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, transaction

ON_SQLITE = """
    CREATE TRIGGER no_more_lines BEFORE INSERT ON incidents_change
    BEGIN SELECT RAISE(ABORT, 'no more lines'); END
"""
ON_POSTGRESQL = """
    SET CONSTRAINTS ALL IMMEDIATE;
    CREATE FUNCTION no_more_lines() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'no more lines'; END $$;
    CREATE TRIGGER no_more_lines BEFORE INSERT ON incidents_change
    EXECUTE FUNCTION no_more_lines();
"""
REFUSING = {"sqlite": ON_SQLITE, "postgresql": ON_POSTGRESQL}


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def refuse_history() -> None:
    """The table takes no line, until the transaction is taken back."""
    with connection.cursor() as cursor:
        cursor.execute(REFUSING[connection.vendor])


def everything() -> dict[str, list[Any]]:
    """Every row of every table of ours."""
    tables = apps.get_app_config("incidents").get_models(include_auto_created=True)
    return {
        table.__name__: list(table._base_manager.order_by("pk").values_list()) for table in tables
    }


REFUSED = 400


class Writing:
    """What changes records: whether it writes a line of history, and changes nothing without.

    `quiet` are the tables that are no records.
    """

    def __init__(self, quiet: Set[str]) -> None:
        self.quiet = quiet
        self.before = everything()
        self.changed: list[str] = []
        self.unwritten: list[str] = []
        self.changed_all_the_same: dict[str, tuple[int, list[str]]] = {}

    def look(self, what: str, send: Callable[[], Any]) -> None:
        """One request, sent twice where it changes a record: as always, and without history."""
        with taken_back():
            send()
            changed = self.changes()
        if not changed:
            return
        self.changed.append(what)
        if "Change" not in changed:
            self.unwritten.append(what)
        with taken_back():
            refuse_history()
            answer = send()
            changed = self.changes()
        if changed or answer.status_code < REFUSED:
            self.changed_all_the_same[what] = (answer.status_code, sorted(changed))

    def changes(self) -> set[str]:
        """The tables of records that are not as they were."""
        after, quiet = everything(), self.quiet
        return {name for name in after.keys() - quiet if after[name] != self.before[name]}
