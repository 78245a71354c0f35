"""What `migrate` does when it cannot. Beside readers: tests/faults/test_migrations.py."""

import io
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate
from django.db import ProgrammingError, connection

from incidents.models import Tag
from tests.faults.locks import somebody_else_writes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _impatient() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
    yield
    # The next one waits again.
    connection.close()


def adds_a_row(*_: Any, **__: Any) -> None:
    Tag.objects.create(name="of a migration")


def run(handle: Any, **options: Any) -> str:
    said = io.StringIO()
    with mock.patch.object(migrate.Command, "handle", handle):
        call_command("migrate", stderr=said, **options)
    return said.getvalue()


@pytest.mark.of_database("sqlite")
@pytest.mark.usefixtures("_impatient")
def test_it_gives_up_where_another_writes() -> None:
    with somebody_else_writes(), pytest.raises(CommandError) as refusal:
        run(adds_a_row, give_up_after=0)

    assert str(refusal.value) == (
        "What a migration has to change is in use by somebody who does not say so. Nothing of that"
        " migration was done; those before it hold. When that has ended, or is ended, run this"
        " again."
    )


@pytest.mark.of_database("sqlite")
@pytest.mark.usefixtures("_impatient")
def test_it_tries_again() -> None:
    other = somebody_else_writes()
    other.__enter__()

    def ends(seconds: float) -> None:
        assert seconds == 1
        other.__exit__(None, None, None)

    with mock.patch("incidents.management.commands.migrate.time.sleep", ends):
        said = run(adds_a_row, give_up_after=60)

    assert said.strip().endswith("Trying again in 1 s.")
    assert Tag.objects.filter(name="of a migration").exists()


def test_what_is_no_matter_of_waiting_is_told_at_once() -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise ProgrammingError("no such column")

    with pytest.raises(ProgrammingError, match="no such column"):
        run(fails)
