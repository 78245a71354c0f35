"""While much is read, SQLite keeps little of it."""

import pytest
from django.db import connection

from incidents.lib.small_cache import KIBIBYTES, small_cache

pytestmark = pytest.mark.django_db


def size() -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute("PRAGMA cache_size").fetchone()[0])


def test_it_works() -> None:
    if connection.vendor != "sqlite":
        with small_cache():
            return
    before = size()

    with small_cache():
        assert size() == -KIBIBYTES != before
    assert size() == before


def test_what_goes_wrong_meanwhile_leaves_it_as_it_was() -> None:
    with pytest.raises(ValueError, match="in between"), small_cache():
        raise ValueError("in between")

    if connection.vendor == "sqlite":
        assert size() != -KIBIBYTES
