"""A moment that is noted at most once a minute."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.lib.sparing import note_moment
from tests.factories import NOW, a_token, a_user

pytestmark = pytest.mark.django_db


def test_it_is_noted_once_a_minute() -> None:
    token = a_token(a_user())
    for seconds, noted in ((0, 0), (59, 0), (60, 60), (100, 60), (500, 500)):
        note_moment(token, "last_used_at", at=NOW + timedelta(seconds=seconds))
        token.refresh_from_db()
        assert token.last_used_at == NOW + timedelta(seconds=noted)


def test_who_comes_late_does_not_set_it_back() -> None:
    token = a_token(a_user())
    seen_before = type(token).objects.get(pk=token.pk)
    note_moment(token, "last_used_at", at=NOW)
    note_moment(seen_before, "last_used_at", at=NOW - timedelta(minutes=5))
    token.refresh_from_db()
    assert token.last_used_at == NOW


def test_within_the_minute_nothing_is_asked() -> None:
    token = a_token(a_user(), last_used_at=NOW)
    with CaptureQueriesContext(connection) as queries:
        note_moment(token, "last_used_at", at=NOW + timedelta(seconds=59))
    assert len(queries) == 0
