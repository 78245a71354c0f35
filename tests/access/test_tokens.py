"""Whose a token is when a program shows it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from incidents.access.bearer import shown_by
from incidents.access.permissions import may_administer, may_edit
from incidents.access.tokens import (
    NoSuchToken,
    good_token,
    looks_right,
    new_secret,
)
from incidents.lib.secret_values import secret_in
from incidents.models import Factor, Incident, Lesson, Token
from tests.factories import (
    NOW,
    a_contributing_factor,
    a_factor,
    a_lesson,
    a_restricted_incident,
    a_token,
    a_user,
    an_incident,
)

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    owner, secret = a_user(), new_secret()
    a_token(owner, secret=secret)
    assert good_token(secret, at=NOW).owner == owner


def test_scanners_know_a_secret_by_its_look() -> None:
    secrets = {new_secret() for _ in range(200)}
    assert len(secrets) == 200
    for secret in secrets:
        assert re.fullmatch("pmk_[0-9A-Za-z]{46}", secret)
        assert looks_right(secret)
        assert secret_in(secret)


@pytest.mark.parametrize("wrong", ["", "pmk_", "x", "pmk_" + "0" * 46, "pmk_é" * 10, "\0" * 50])
def test_nonsense_asks_no_database(wrong: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0), pytest.raises(NoSuchToken):
        good_token(wrong, at=NOW)


def test_a_slip_of_one_letter_is_seen() -> None:
    secret = new_secret()
    slip = secret[:20] + ("a" if secret[20] != "a" else "b") + secret[21:]
    assert not looks_right(slip)


def test_a_secret_that_nobody_was_given_opens_nothing() -> None:
    a_token(a_user(), secret=new_secret())
    with pytest.raises(NoSuchToken):
        good_token(new_secret(), at=NOW)


@pytest.mark.parametrize("over", [{"expires_at": NOW + timedelta(hours=1)}, {"revoked_at": NOW}])
def test_what_is_over_or_revoked_opens_nothing(over: dict[str, object]) -> None:
    secret = new_secret()
    a_token(a_user(), secret=secret, **over)
    with pytest.raises(NoSuchToken):
        good_token(secret, at=NOW + timedelta(hours=1))


def test_who_is_deactivated_has_no_token_either() -> None:
    owner, secret = a_user(), new_secret()
    a_token(owner, secret=secret)
    owner.is_active = False
    owner.save()
    with pytest.raises(NoSuchToken):
        good_token(secret, at=NOW)


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("Bearer abc", "abc"),
        ("bearer  abc ", "abc"),
        ("Basic abc", None),
        ("Bearer", ""),
        ("", None),
    ],
)
def test_what_a_request_shows(header: str, shown: str | None) -> None:
    assert shown_by(RequestFactory().get("/", headers={"Authorization": header})) == shown


@pytest.mark.parametrize(
    ("role", "scope", "edits", "administers"),
    [
        ("admin", "admin", True, True),
        ("admin", "write", True, False),
        ("admin", "read", False, False),
        ("editor", "write", True, False),
        ("editor", "read", False, False),
        # The role was taken away since.
        ("reader", "admin", False, False),
    ],
)
def test_it_may_what_its_owner_and_its_scope_both_may(
    role: str, scope: str, edits: bool, administers: bool
) -> None:
    secret = new_secret()
    a_token(a_user(role), secret=secret, scope=scope)
    owner = good_token(secret, at=NOW).owner
    assert (may_edit(owner), may_administer(owner)) == (edits, administers)


def test_little_reach_is_ones_own_incidents_and_what_hangs_on_them() -> None:
    owner, secret = a_user(), new_secret()
    mine, other = an_incident(owner=owner), an_incident()
    named = a_restricted_incident(owner)
    # Restricted since, to others.
    lost = a_restricted_incident(a_user(), owner=owner)
    lessons = [a_lesson(learned_from=one) for one in (mine, other, named, lost)]
    anybodys = a_lesson()
    shared, only_there = a_factor(), a_factor()
    a_contributing_factor(mine, factor=shared)
    a_contributing_factor(other, factor=shared)
    a_contributing_factor(other, factor=only_there)

    a_token(owner, secret=secret, reach="own")
    little = good_token(secret, at=NOW).owner

    assert set(Incident.objects.visible_to(little)) == {mine}
    assert set(Incident.objects.hidden_from(little)) == {other, named, lost}
    assert set(Lesson.objects.visible_to(little)) == {lessons[0], anybodys}
    assert set(Factor.objects.visible_to(little)) == {shared}
    # The owner sees what they saw.
    assert set(Incident.objects.visible_to(owner)) == {mine, other, named}
    assert Token.objects.get().owner == owner
