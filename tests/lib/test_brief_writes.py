"""Writes that wait neither for a lock nor for the disk."""

import pytest
from django.db import DatabaseError, connection, transaction

from incidents.lib.brief_writes import brief_write
from incidents.models import Tag
from tests.faults.locks import somebody_else_writes

pytestmark = pytest.mark.django_db(transaction=True)


def settings_of_the_connection() -> list[object]:
    names = (
        ["lock_timeout", "synchronous_commit"]
        if connection.vendor == "postgresql"
        else ["busy_timeout", "synchronous"]
    )
    how = "SHOW" if connection.vendor == "postgresql" else "PRAGMA"
    with connection.cursor() as cursor:
        return [cursor.execute(f"{how} {name}").fetchone()[0] for name in names]


def test_it_works() -> None:
    with brief_write():
        Tag.objects.create(name="written")
    assert Tag.objects.filter(name="written").exists()


def test_it_gives_up_rather_than_wait() -> None:
    with somebody_else_writes(Tag), pytest.raises(DatabaseError), brief_write():
        Tag.objects.create(name="locked out")
    with brief_write():
        Tag.objects.create(name="later")
    assert list(Tag.objects.values_list("name", flat=True)) == ["later"]


def test_the_connection_is_left_as_it_was() -> None:
    before = settings_of_the_connection()
    with brief_write():
        assert settings_of_the_connection()[0] != before[0]
    with pytest.raises(ZeroDivisionError), brief_write():
        raise ZeroDivisionError
    assert settings_of_the_connection() == before


def test_what_fails_within_is_taken_back() -> None:
    def write_half() -> None:
        with brief_write():
            Tag.objects.create(name="half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    assert not Tag.objects.exists()


def test_within_another_transaction_it_is_a_part_of_it() -> None:
    with transaction.atomic():
        with brief_write():
            Tag.objects.create(name="inner")
        transaction.set_rollback(True)
    assert not Tag.objects.exists()
