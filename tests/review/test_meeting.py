"""Notes and decisions of the meeting over a frozen review, and what they become."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from incidents.lib.periods import read_period
from incidents.models import ActionItem, Change, Review, ReviewDecision
from incidents.review.operations import (
    act_on_decision,
    add_decision,
    change_decision,
    freeze_review,
    remove_decision,
    write_notes,
)
from incidents.review.scope import Scope
from tests.factories import a_form, a_restricted_incident, a_team, a_user

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
ADDRESS = "/reviews/2026Q3/"


@pytest.fixture
def review() -> Review:
    scope = Scope(period=read_period("2026Q3"), user=None)
    return freeze_review(scope, by=a_user(), at=AT)


@pytest.fixture
def editor(client: Client) -> Any:
    user = a_user("editor")
    client.force_login(user)
    return user


def page(client: Client) -> str:
    return client.get(ADDRESS).content.decode()


def test_it_works(client: Client, editor: Any, review: Review) -> None:
    notes = client.post(f"/reviews/notes/{review.pk}/", {"notes": "We *saw* it.", "version": 1})
    added = client.post(f"/reviews/decisions/{review.pk}/new/", a_form(text="Raise the pool"))

    assert (notes["Location"], added["Location"]) == (ADDRESS, f"{ADDRESS}#meeting")
    assert "We <em>saw</em> it." in page(client)
    assert "Raise the pool" in page(client)
    lines = Change.objects.filter(document_type="review", document_id=review.pk, by=editor)
    assert lines.count() == 2


def test_a_decision_becomes_an_action_item(client: Client, editor: Any, review: Review) -> None:
    decision = add_decision(review, values={"text": "Raise the pool"}, by=editor, at=AT)
    address = f"/reviews/decisions/{decision.pk}/action/"
    form = client.get(address).content.decode()
    assert 'value="Raise the pool"' in form
    assert "Review of Q3 2026" in form

    sent = a_form(title="Raise the pool", kind="prevent", origin="decided", source="The review")
    answer = client.post(address, sent)

    item = ActionItem.objects.get()
    assert answer["Location"] == item.get_absolute_url()
    assert (item.title, item.source) == ("Raise the pool", "The review")
    assert f">{item.reference}</a>" in page(client)
    assert "Make it an action item" not in page(client)


def test_it_becomes_one_only_once(client: Client, editor: Any, review: Review) -> None:
    decision = add_decision(review, values={"text": "Raise the pool"}, by=editor, at=AT)
    address = f"/reviews/decisions/{decision.pk}/action/"
    sent = [a_form(title="Raise it", kind="prevent", origin="decided") for _ in range(2)]
    client.post(address, sent[0])

    answer = client.post(address, sent[1])

    assert answer.status_code == 422
    assert "has become an action item already" in answer.content.decode()
    assert ActionItem.objects.count() == 1


def test_one_that_was_removed_becomes_none(editor: Any, review: Review) -> None:
    decision = add_decision(review, values={"text": "Raise the pool"}, by=editor, at=AT)
    remove_decision(decision, version=1, by=editor, at=AT)

    with pytest.raises(ValidationError, match="was removed"):
        act_on_decision(decision, values={"title": "Raise the pool"}, by=editor, at=AT)
    assert not ActionItem.objects.exists()


def test_what_it_became_is_named_to_whoever_may_know_of_it(
    client: Client, editor: Any, review: Review
) -> None:
    decision = add_decision(review, values={"text": "Raise the pool"}, by=editor, at=AT)
    hidden = ActionItem.objects.create(title="x", incident=a_restricted_incident(a_user()))
    ReviewDecision.objects.filter(pk=decision.pk).update(action_item=hidden)

    assert hidden.reference not in page(client)
    assert "Make it an action item" not in page(client)


def test_two_who_write_notes_lose_nothing(client: Client, editor: Any, review: Review) -> None:
    write_notes(review, version=1, values={"notes": "The first text"}, by=a_user(), at=AT)

    answer = client.post(f"/reviews/notes/{review.pk}/", {"notes": "The other", "version": 1})

    assert answer.status_code == 409
    assert "The other" in answer.content.decode()
    assert Review.objects.get().notes == "The first text"


def test_notes_can_be_taken_out(client: Client, editor: Any, review: Review) -> None:
    write_notes(review, version=1, values={"notes": "Said in haste"}, by=editor, at=AT)

    client.post(f"/reviews/notes/{review.pk}/", {"notes": "", "version": 2})

    assert "Said in haste" not in page(client)
    assert "No notes yet." in page(client)


def test_a_decision_is_edited(client: Client, editor: Any, review: Review) -> None:
    decision = add_decision(review, values={"text": "Raise the pool"}, by=editor, at=AT)
    address = f"/reviews/decisions/{decision.pk}/"
    assert address in page(client)
    assert 'value="Raise the pool"' in client.get(address).content.decode()

    answer = client.post(address, {"text": "Raise the pool to 20", "version": 1})

    assert answer["Location"] == f"{ADDRESS}#meeting"
    assert "Raise the pool to 20" in page(client)


def test_two_who_edit_a_decision_lose_nothing(client: Client, editor: Any, review: Review) -> None:
    decision = add_decision(review, values={"text": "Raise the pool"}, by=editor, at=AT)
    change_decision(decision, version=1, values={"text": "Raise it soon"}, by=a_user(), at=AT)

    answer = client.post(
        f"/reviews/decisions/{decision.pk}/", {"text": "Raise it later", "version": 1}
    )

    assert answer.status_code == 409
    assert "Raise it later" in answer.content.decode()
    assert ReviewDecision.objects.get().text == "Raise it soon"


def test_a_decision_without_words_is_refused(client: Client, editor: Any, review: Review) -> None:
    decision = add_decision(review, values={"text": "Raise the pool"}, by=editor, at=AT)
    address = f"/reviews/decisions/{decision.pk}/"

    assert client.post(address, {"text": " ", "version": 1}).status_code == 422
    too_long = client.post(address, {"text": "word " * 100, "version": 1})

    assert too_long.status_code == 422
    assert "word word" in too_long.content.decode()


def test_a_decision_is_removed_and_comes_back(client: Client, editor: Any, review: Review) -> None:
    decision = add_decision(review, values={"text": "Raise the pool"}, by=editor, at=AT)
    item = act_on_decision(decision, values={"title": "Raise the pool"}, by=editor, at=AT)

    answer = client.post(f"/reviews/decisions/{decision.pk}/remove/", {"version": 2})

    assert answer["Location"] == f"{ADDRESS}#meeting"
    assert not review.decisions.exists()
    assert ActionItem.objects.get() == item

    line = Change.objects.filter(document_type="review").latest("pk")
    assert line.summary == "Removed the decision “Raise the pool”"
    back = f"/history/review/{review.pk}/{line.pk}/bring-back-part/"
    client.post(back, {"record": "reviewdecision", "id": decision.pk})
    assert review.decisions.get().action_item == item


def test_what_somebody_else_changed_is_not_removed(
    client: Client, editor: Any, review: Review
) -> None:
    decision = add_decision(review, values={"text": "Raise the pool"}, by=editor, at=AT)
    change_decision(decision, version=1, values={"text": "Raise it soon"}, by=a_user(), at=AT)

    for sent in ({"version": 1}, {"version": "x"}, {}):
        answer = client.post(f"/reviews/decisions/{decision.pk}/remove/", sent)
        assert answer.status_code == 409
        assert "Raise it soon" in answer.content.decode()

    assert client.get(f"/reviews/decisions/{decision.pk}/remove/").status_code == 405


def test_notes_do_not_move_the_figures(client: Client, editor: Any, review: Review) -> None:
    before = list(review.editions.values_list("sight", "sha256"))

    write_notes(review, version=1, values={"notes": "Text"}, by=editor, at=AT)

    assert list(review.editions.values_list("sight", "sha256")) == before


def test_bad_input_is_refused_with_the_text_kept(
    client: Client, editor: Any, review: Review
) -> None:
    too_long = "word " * 100
    answer = client.post(f"/reviews/decisions/{review.pk}/new/", a_form(text=too_long))

    assert answer.status_code == 422
    assert "word word" in answer.content.decode()
    assert client.post(f"/reviews/decisions/{review.pk}/new/", a_form()).status_code == 422


def test_readers_read_and_do_not_write(client: Client, review: Review) -> None:
    decision = add_decision(review, values={"text": "Raise the pool"}, by=a_user(), at=AT)
    client.force_login(a_user("reader"))

    assert "Raise the pool" in page(client)
    assert "Edit notes" not in page(client)
    for address in (
        f"/reviews/notes/{review.pk}/",
        f"/reviews/decisions/{review.pk}/new/",
        f"/reviews/decisions/{decision.pk}/action/",
        f"/reviews/decisions/{decision.pk}/",
        f"/reviews/decisions/{decision.pk}/remove/",
    ):
        assert client.post(address).status_code == 403


def test_a_review_that_is_not_frozen_has_no_meeting(client: Client, editor: Any) -> None:
    assert 'id="meeting"' not in page(client)
    assert client.get("/reviews/notes/999/").status_code == 404


def test_the_review_of_a_team_has_its_own(client: Client, editor: Any) -> None:
    team = a_team(slug="core")
    scope = Scope(period=read_period("2026Q3"), user=None, team=team)
    review = freeze_review(scope, by=editor, at=AT)

    answer = client.post(f"/reviews/notes/{review.pk}/", {"notes": "Of us", "version": 1})

    assert answer["Location"] == f"{ADDRESS}?team=core"
    assert "Of us" not in page(client)
