"""One's own tokens: making them, seeing them, taking them back."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.access.tokens import NoSuchToken, good_token
from incidents.directory.tokens.operations import MOST
from incidents.models import Change, Token, User
from tests.factories import NOW, a_token, a_user

pytestmark = pytest.mark.django_db
TOKENS, NEW = "/me/tokens/", "/me/tokens/new/"


def a_form(**over: object) -> dict[str, object]:
    return {
        "name": "Deploys",
        "scope": "read",
        "reach": "all",
        "days": "90",
        "token": str(uuid4()),
        **over,
    }


def signed_in(client: Client, role: str = "reader") -> User:
    person = a_user(role)
    client.force_login(person)
    return person


def test_it_works(client: Client) -> None:
    me, sent = signed_in(client), a_form()

    page = client.post(NEW, sent).content.decode()

    (secret,) = re.findall(r"pmk_[0-9A-Za-z]{46}", page)
    assert good_token(secret, at=timezone.now()).owner == me
    token = Token.objects.get()
    assert (token.expires_at - token.made_at) == timedelta(days=90)
    assert secret not in str(list(Token.objects.values()))
    line = Change.objects.get()
    assert line.summary == f"Made the token {secret[:10]}…: read, all incidents, for 90 days"
    assert (line.document_type, line.document_id, line.by) == ("user", me.pk, me)
    # Shown once: not in the list, and not when the form is sent again, which makes no other.
    shown = client.get(TOKENS).content.decode()
    assert "Deploys" in shown
    assert secret[:10] in shown
    assert secret not in shown
    assert client.post(NEW, sent)["Location"] == TOKENS
    assert Token.objects.count() == 1


def test_nobody_has_any_at_first(client: Client) -> None:
    signed_in(client)
    assert "No tokens yet" in client.get(TOKENS).content.decode()


@pytest.mark.parametrize(
    "over",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"scope": "everything"},
        {"reach": "far"},
        {"days": "0"},
        {"days": "3650"},
        {"days": ""},
        {"token": "x"},
    ],
)
def test_bad_input_comes_back(over: dict[str, object], client: Client) -> None:
    signed_in(client)
    answer = client.post(NEW, a_form(**{"name": "Kept", **over}))
    assert answer.status_code == 422
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    ("role", "scope", "status"),
    [
        ("reader", "write", 422),
        ("reader", "admin", 422),
        ("editor", "admin", 422),
        ("editor", "write", 200),
        ("admin", "admin", 200),
    ],
)
def test_nobody_hands_on_more_than_they_have(
    role: str, scope: str, status: int, client: Client
) -> None:
    signed_in(client, role)
    assert client.post(NEW, a_form(scope=scope)).status_code == status
    assert Token.objects.exists() == (status == 200)


def test_there_is_an_end_to_them(client: Client) -> None:
    me = signed_in(client)
    for _ in range(MOST):
        a_token(me)
    answer = client.post(NEW, a_form(name="Kept"))
    assert answer.status_code == 422
    assert "revoke one first" in answer.content.decode()
    assert "Kept" in answer.content.decode()


def test_what_is_revoked_opens_nothing(client: Client) -> None:
    signed_in(client)
    page = client.post(NEW, a_form()).content.decode()
    (secret,) = re.findall(r"pmk_[0-9A-Za-z]{46}", page)
    token = Token.objects.get()

    assert client.post(f"{TOKENS}{token.pk}/revoke/")["Location"] == TOKENS

    with pytest.raises(NoSuchToken):
        good_token(secret, at=timezone.now())
    lines = Change.objects.order_by("pk").values_list("summary", flat=True)
    assert lines.last() == f"Revoked the token {token.beginning}…"
    assert "No tokens yet" in client.get(TOKENS).content.decode()
    assert client.post(f"{TOKENS}{token.pk}/revoke/").status_code == 404
    assert len(lines) == 2


def test_anothers_are_none_of_ones_business(client: Client) -> None:
    token = a_token(a_user(), name="Secret deploys")
    signed_in(client, "admin")
    assert "Secret deploys" not in client.get(TOKENS).content.decode()
    assert client.post(f"{TOKENS}{token.pk}/revoke/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_the_list_says_which_are_over(client: Client) -> None:
    a_token(signed_in(client), expires_at=NOW + timedelta(days=1))
    assert "Was good until" in client.get(TOKENS).content.decode()


def test_nothing_is_revoked_by_looking(client: Client) -> None:
    token = a_token(signed_in(client))
    assert client.get(f"{TOKENS}{token.pk}/revoke/").status_code == 405


def test_the_queries_do_not_grow_with_the_tokens(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    me, counts = signed_in(client), []
    for number in (3, 30):
        for _ in range(number):
            a_token(me)
        with django_assert_max_num_queries(12) as asked:
            client.get(TOKENS)
        counts.append(len(asked))
    assert counts[0] == counts[1]
