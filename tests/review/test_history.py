"""The history of a frozen review: who froze it, what was noted and decided, and the way back."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from incidents.lib.periods import read_period
from incidents.models import Change, Review, ReviewDecision, User
from incidents.review.operations import (
    act_on_decision,
    add_decision,
    change_decision,
    freeze_review,
    write_notes,
)
from incidents.review.scope import Scope
from tests.factories import a_restricted_incident, a_user

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def olga() -> User:
    return a_user(first_name="Olga", last_name="Ito")


@pytest.fixture
def review(olga: User) -> Review:
    made = freeze_review(Scope(period=read_period("2026Q3"), user=None), by=olga, at=AT)
    return write_notes(made, version=1, values={"notes": "We saw it."}, by=olga, at=AT)


def address(review: Review, rest: str = "") -> str:
    return f"/history/review/{review.pk}/{rest}"


def lines(review: Review) -> list[Change]:
    return list(Change.objects.filter(document_type="review", document_id=review.pk).order_by("pk"))


def test_it_works(client: Client, review: Review, olga: User) -> None:
    decision = add_decision(review, values={"text": "Raise the pool"}, by=olga, at=AT)
    change_decision(decision, version=1, values={"text": "Raise it soon"}, by=olga, at=AT)
    client.force_login(a_user("reader"))
    assert address(review) in client.get("/reviews/2026Q3/").content.decode()

    page = client.get(address(review)).content.decode()

    assert "Olga Ito" in page
    for told in ("Froze the review of Q3 2026", "Wrote the notes", "Raise the pool"):
        assert told in page
    first, *_, last = lines(review)
    assert "Raise it soon" in client.get(address(review, f"{last.pk}/")).content.decode()
    assert "Raise it soon" in client.get(address(review, f"at/{last.pk}/")).content.decode()
    compared = client.get(address(review, f"compare/?from={first.pk}&to={last.pk}"))
    assert "We saw it." in compared.content.decode()


def test_an_earlier_text_is_brought_back(client: Client, review: Review, olga: User) -> None:
    write_notes(review, version=2, values={"notes": "Other words"}, by=olga, at=AT)
    client.force_login(olga)
    sent = {"record": "review", "id": review.pk, "column": "notes", "version": 3}

    client.post(address(review, f"{lines(review)[-1].pk}/bring-back-field/"), sent)

    assert Review.objects.get().notes == "We saw it."


def test_the_whole_is_taken_back(client: Client, review: Review, olga: User) -> None:
    noted = lines(review)[-1]
    decision = add_decision(review, values={"text": "Raise the pool"}, by=olga, at=AT)
    client.force_login(olga)

    client.post(address(review, f"at/{noted.pk}/take-back/"), {"seen": lines(review)[-1].pk})

    assert not ReviewDecision.objects.filter(pk=decision.pk).exists()
    assert Review.objects.get().notes == "We saw it."


def test_what_was_frozen_is_not_brought_back(client: Client, review: Review, olga: User) -> None:
    """Nor could it be: no page changes it."""
    client.force_login(olga)
    for column in ("title", "start_date", "frozen_at", "frozen_by", "team"):
        sent = {"record": "review", "id": review.pk, "column": column, "version": 2}
        answer = client.post(address(review, f"{lines(review)[-1].pk}/bring-back-field/"), sent)
        assert answer.status_code == 409


def test_what_a_decision_became_is_named_to_whoever_may_know_of_it(
    client: Client, review: Review, olga: User
) -> None:
    incident = a_restricted_incident(olga)
    decision = add_decision(review, values={"text": "Raise the pool"}, by=olga, at=AT)
    values = {"title": "A telling title", "incident": incident}
    item = act_on_decision(decision, values=values, by=olga, at=AT)
    change_decision(decision, version=2, values={"text": "Raise it soon"}, by=olga, at=AT)
    first, *_, acted, last = lines(review)
    addresses = [
        address(review),
        address(review, f"{acted.pk}/"),
        address(review, f"at/{last.pk}/"),
        address(review, f"compare/?from={first.pk}&to={last.pk}"),
    ]

    for person, knows in ((a_user("editor"), False), (olga, True)):
        client.force_login(person)
        seen = "".join(client.get(one).content.decode() for one in addresses)
        assert ("A telling title" in seen) is knows
        assert (item.reference in seen) is knows


def test_readers_bring_nothing_back(client: Client, review: Review) -> None:
    client.force_login(a_user("reader"))
    sent = {"record": "review", "id": review.pk, "column": "notes", "version": 2}

    answer = client.post(address(review, f"{lines(review)[-1].pk}/bring-back-field/"), sent)

    assert answer.status_code == 403
