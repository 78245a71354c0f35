"""The page of one action item, and the steps on it."""

import pytest
from django.test import Client

from incidents.models import ActionItem, ActionState, Change, User
from tests.factories import NOW, a_restricted_incident, a_user, an_action_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client: Client) -> User:
    user = a_user()
    client.force_login(user)
    return user


def done(**fields: object) -> ActionItem:
    return an_action_item(state=ActionState.DONE, evidence="Merged", done_at=NOW, **fields)


def take(client: Client, item: ActionItem, step: str, **words: str) -> tuple[int, str]:
    """The status and the text of the page that a step leads to."""
    answer = client.post(f"/actions/{item.reference}/{step}/", words)
    status = answer.status_code
    if status == 302:
        answer = client.get(answer["Location"])
    item.refresh_from_db()
    return status, answer.content.decode()


def test_it_works(client: Client, me: User) -> None:
    item = an_action_item(title="Alert on memory", body_html="<p>At 80 %.</p>", owner=me)

    text = client.get(f"/actions/{item.reference}/").content.decode()

    for part in ("Alert on memory", "<p>At 80 %.</p>", me.username, "Start", "It is done"):
        assert part in text


def test_the_way_of_an_item(client: Client, me: User) -> None:
    item = an_action_item()

    assert take(client, item, "start")[0] == 302
    assert item.state == ActionState.IN_PROGRESS
    take(client, item, "complete", evidence="https://example.com/12")
    assert (item.state, item.done_by) == (ActionState.DONE, me)
    second = a_user()
    client.force_login(second)
    take(client, item, "verify")
    assert item.verified_by == second
    take(client, item, "reopen")
    assert item.state == ActionState.OPEN
    take(client, item, "decline", reason="The system goes")
    assert (item.state, item.wont_do_reason) == (ActionState.WONT_DO, "The system goes")
    assert Change.objects.filter(document_type="actionitem").count() == 5


@pytest.mark.parametrize(
    ("step", "word"), [("complete", "evidence"), ("decline", "reason")], ids=str
)
def test_a_step_that_asks_for_words_waits_for_them(
    client: Client, me: User, step: str, word: str
) -> None:
    item = an_action_item()

    status, _ = take(client, item, step, **{word: "  "})
    assert (status, item.state) == (422, ActionState.OPEN)
    status, text = take(client, item, step, **{word: "x" * 10_001})
    assert (status, item.state) == (422, ActionState.OPEN)
    assert "x" * 10_001 in text


def test_who_did_it_does_not_verify_it(client: Client, me: User) -> None:
    item = done(done_by=me)

    assert "somebody else verifies it" in client.get(item.get_absolute_url()).content.decode()
    _, text = take(client, item, "verify")

    assert "ask somebody else" in text
    assert item.verified_by is None


def test_who_comes_second_is_told(client: Client, me: User) -> None:
    item = done(done_by=a_user())

    _, text = take(client, item, "complete", evidence="Mine")

    assert "so it cannot be completed" in text
    assert item.evidence == "Merged"


def test_the_evidence_is_no_door_for_markup(client: Client, me: User) -> None:
    item = an_action_item()

    _, text = take(client, item, "complete", evidence="<script>alert(1)</script>")

    assert "<script>alert" not in text


STEPS = ["start", "complete", "decline", "reopen", "verify"]


@pytest.mark.parametrize("step", STEPS)
def test_nothing_is_saved_by_looking(client: Client, me: User, step: str) -> None:
    item = an_action_item()
    assert client.get(f"/actions/{item.reference}/{step}/").status_code == 405


@pytest.mark.parametrize("step", STEPS)
def test_a_reader_may_not(client: Client, step: str) -> None:
    client.force_login(a_user("reader"))
    assert take(client, an_action_item(), step, evidence="x", reason="x")[0] == 403


@pytest.mark.parametrize("step", ["", *(f"{step}/" for step in STEPS), "edit/"])
def test_a_stranger_finds_nothing(client: Client, step: str) -> None:
    item = an_action_item(incident=a_restricted_incident(a_user()))
    client.force_login(a_user("admin"))

    answer = client.post(f"/actions/{item.reference}/{step}", {"evidence": "x", "reason": "x"})

    assert answer.status_code == 404
    item.refresh_from_db()
    assert (item.state, item.version) == (ActionState.OPEN, 1)


def test_a_number_that_no_row_can_have_is_not_found(client: Client, me: User) -> None:
    assert client.get("/actions/ACT-9999999999999999999/").status_code == 404
