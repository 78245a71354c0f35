"""What is to be done, step by step."""

import pytest

from incidents.action_items.operations import (
    NeedsWords,
    NotInThatState,
    VerifiedByTheSamePerson,
    change_action_item,
    complete_action_item,
    create_action_item,
    decline_action_item,
    reopen_action_item,
    start_action_item,
    verify_action_item,
)
from incidents.models import ActionItem, ActionState, Change, SearchEntry, User
from tests.factories import NOW, a_user, an_action_item, an_incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def doer() -> User:
    return a_user()


def done(by: User | None) -> ActionItem:
    return complete_action_item(an_action_item(), evidence="Merged", by=by, at=NOW)


def test_it_works(doer: User) -> None:
    incident = an_incident()
    item = create_action_item(
        values={"title": "Alert on memory", "kind": "detect", "incident": incident},
        by=doer,
        at=NOW,
    )

    started = start_action_item(item, by=doer, at=NOW)
    assert started.state == ActionState.IN_PROGRESS
    completed = complete_action_item(item, evidence=" Merged in #12 ", by=doer, at=NOW)
    assert (completed.state, completed.evidence) == (ActionState.DONE, "Merged in #12")
    assert (completed.done_by, completed.done_at) == (doer, NOW)
    second = a_user()
    verified = verify_action_item(item, by=second, at=NOW)
    assert (verified.verified_by, verified.verified_at) == (second, NOW)
    lines = Change.objects.filter(document_type="actionitem")
    assert [line.summary for line in lines] == [
        "Added the action item “Alert on memory”",
        "Started",
        "Done",
        "Verified that it is done",
    ]
    assert "Merged in #12" in SearchEntry.objects.get().body


def test_a_change_is_kept_with_its_history(doer: User) -> None:
    item = an_action_item(title="Alert")

    changed = change_action_item(
        item, version=1, values={"title": "Alert earlier"}, by=doer, at=NOW
    )

    assert (changed.title, changed.version) == ("Alert earlier", 2)
    assert Change.objects.get().parts[0]["fields"] == {"title": ["Alert", "Alert earlier"]}


def test_what_is_started_is_not_started_again(doer: User) -> None:
    item = an_action_item(state=ActionState.IN_PROGRESS)

    with pytest.raises(NotInThatState, match="in progress"):
        start_action_item(item, by=doer, at=NOW)


def test_nothing_is_done_without_evidence(doer: User) -> None:
    with pytest.raises(NeedsWords, match="shows"):
        complete_action_item(an_action_item(), evidence=" ", by=doer, at=NOW)


def test_the_second_to_complete_it_is_told(doer: User) -> None:
    item = done(by=doer)

    with pytest.raises(NotInThatState, match="done"):
        complete_action_item(item, evidence="Mine", by=a_user(), at=NOW)

    item.refresh_from_db()
    assert (item.evidence, item.done_by) == ("Merged", doer)


def test_declining_gives_the_reason(doer: User) -> None:
    item = an_action_item()

    with pytest.raises(NeedsWords, match="why"):
        decline_action_item(item, reason="", by=doer, at=NOW)

    declined = decline_action_item(item, reason="The system goes", by=doer, at=NOW)
    assert (declined.state, declined.wont_do_reason) == (ActionState.WONT_DO, "The system goes")


def test_what_is_done_is_not_declined(doer: User) -> None:
    with pytest.raises(NotInThatState):
        decline_action_item(done(by=doer), reason="No", by=doer, at=NOW)


def test_reopening_takes_the_closing_back(doer: User) -> None:
    item = verify_action_item(done(by=doer), by=a_user(), at=NOW)

    reopened = reopen_action_item(item, by=doer, at=NOW)

    assert (reopened.state, reopened.evidence) == (ActionState.OPEN, "")
    assert (reopened.done_by, reopened.done_at, reopened.verified_by, reopened.verified_at) == (
        None,
        None,
        None,
        None,
    )
    # History still tells what had closed it.
    assert Change.objects.latest("id").parts[0]["fields"]["evidence"] == ["Merged", ""]


def test_what_is_open_is_not_reopened(doer: User) -> None:
    with pytest.raises(NotInThatState):
        reopen_action_item(an_action_item(), by=doer, at=NOW)


def test_who_did_it_does_not_verify_it(doer: User) -> None:
    item = done(by=doer)

    with pytest.raises(VerifiedByTheSamePerson):
        verify_action_item(item, by=doer, at=NOW)

    item.refresh_from_db()
    assert item.verified_by is None


def test_what_is_not_done_is_not_verified(doer: User) -> None:
    with pytest.raises(NotInThatState):
        verify_action_item(an_action_item(), by=doer, at=NOW)


def test_it_is_verified_once() -> None:
    item = done(by=None)
    first = a_user()
    verify_action_item(item, by=first, at=NOW)

    with pytest.raises(NotInThatState, match="again"):
        verify_action_item(item, by=a_user(), at=NOW)

    item.refresh_from_db()
    assert item.verified_by == first
