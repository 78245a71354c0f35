"""What is read in one moment is not moved by who writes meanwhile."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from incidents.lib.one_moment import one_moment
from incidents.models import Tag


@pytest.mark.django_db(transaction=True)
def test_it_works() -> None:
    with one_moment():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SHOW transaction_isolation")
                assert cursor.fetchone() == ("repeatable read",)
        assert not Tag.objects.exists()

    Tag.objects.create(name="after it one may write")


@pytest.mark.django_db(transaction=True)
def test_who_writes_meanwhile_neither_waits_nor_is_seen() -> None:
    with one_moment():
        assert not Tag.objects.exists()
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(write_a_tag).result(timeout=60)
        assert not Tag.objects.exists()

    assert Tag.objects.exists()


def write_a_tag() -> None:
    try:
        Tag.objects.create(name="written meanwhile")
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_after_it_transactions_begin_as_ever() -> None:
    with one_moment():
        pass
    if connection.vendor == "sqlite":
        assert connection.transaction_mode == "IMMEDIATE"  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_inside_of_another_it_reads_as_that_one_does() -> None:
    with transaction.atomic():
        Tag.objects.create(name="written before")
        with one_moment():
            assert Tag.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_postgresql_lets_nothing_be_written() -> None:
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="read-only"), one_moment():
            Tag.objects.create(name="x")
    assert not Tag.objects.exists()
