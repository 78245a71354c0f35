"""Draft, in review, published, withdrawn: each step, and each refusal."""

import pytest

from incidents.models import Change, Incident, Reviewer, State, User
from incidents.records import states
from incidents.records.states import CannotStep
from tests.factories import NOW, a_restricted_incident, a_user, an_incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return a_user()


@pytest.fixture
def reviewer() -> User:
    return a_user("reader")


@pytest.fixture
def draft(owner: User) -> Incident:
    return an_incident(owner=owner)


@pytest.fixture
def in_review(draft: Incident, owner: User, reviewer: User) -> Incident:
    return states.send_to_review(draft, reviewers=[reviewer], by=owner, at=NOW)


def answer(incident: Incident, reviewer: User, answer: str, note: str = "") -> Reviewer:
    return states.answer_review(incident, answer=answer, note=note, by=reviewer, at=NOW)


def test_it_works(in_review: Incident, owner: User, reviewer: User) -> None:
    assert in_review.state == State.IN_REVIEW
    assert answer(in_review, reviewer, "approved").answered_at == NOW

    published = states.publish(in_review, by=owner, at=NOW)

    assert (published.state, published.published_at, published.published_by) == (
        State.PUBLISHED,
        NOW,
        owner,
    )
    assert [line.summary for line in Change.objects.order_by("id")] == [
        f"Asked for review: {reviewer.name}",
        "Sent to review",
        "Reviewed it: approved",
        "Published",
    ]


def test_a_review_needs_an_owner(owner: User, reviewer: User) -> None:
    with pytest.raises(CannotStep, match="owner"):
        states.send_to_review(an_incident(), reviewers=[reviewer], by=owner, at=NOW)


def test_a_review_needs_a_reviewer(draft: Incident, owner: User) -> None:
    with pytest.raises(CannotStep, match="at least one"):
        states.send_to_review(draft, reviewers=[], by=owner, at=NOW)


def test_nobody_is_asked_who_may_not_see_it(owner: User, reviewer: User) -> None:
    secret = a_restricted_incident(owner, owner=owner)
    with pytest.raises(CannotStep, match="may not see"):
        states.send_to_review(secret, reviewers=[reviewer], by=owner, at=NOW)


def test_asking_again_adds_those_not_asked_yet(
    in_review: Incident, owner: User, reviewer: User
) -> None:
    other = a_user()
    states.send_to_review(in_review, reviewers=[reviewer, other], by=owner, at=NOW)
    assert [row.person for row in in_review.reviewers.all()] == [reviewer, other]


def test_only_who_was_asked_answers(in_review: Incident, owner: User) -> None:
    with pytest.raises(CannotStep, match="not asked"):
        answer(in_review, owner, "approved")


def test_changes_wanted_says_which(in_review: Incident, reviewer: User) -> None:
    with pytest.raises(CannotStep, match="which changes"):
        answer(in_review, reviewer, "changes_wanted", " ")


def test_no_answer_after_the_review(in_review: Incident, owner: User, reviewer: User) -> None:
    states.return_to_draft(in_review, by=owner, at=NOW)
    with pytest.raises(CannotStep, match="not in review"):
        answer(in_review, reviewer, "approved")


def test_publishing_waits_for_an_approval(in_review: Incident, owner: User) -> None:
    with pytest.raises(CannotStep, match="Nobody has approved"):
        states.publish(in_review, by=owner, at=NOW)


def test_publishing_waits_for_changes_wanted(
    in_review: Incident, owner: User, reviewer: User
) -> None:
    answer(in_review, reviewer, "changes_wanted", "Say when it began.")
    with pytest.raises(CannotStep, match="wants changes"):
        states.publish(in_review, by=owner, at=NOW)


def test_publishing_without_an_approval_is_said_in_history(draft: Incident, owner: User) -> None:
    states.publish(draft, by=owner, at=NOW, without_approval=True)
    line = Change.objects.last()
    assert line is not None
    assert line.summary == "Published without an approval"


def test_withdrawing_needs_a_reason(draft: Incident, owner: User) -> None:
    with pytest.raises(CannotStep, match="why"):
        states.withdraw(draft, reason="  ", by=owner, at=NOW)


def test_what_was_withdrawn_can_come_back(draft: Incident, owner: User) -> None:
    states.withdraw(draft, reason="Recorded twice", by=owner, at=NOW)
    back = states.return_to_draft(draft, by=owner, at=NOW)
    assert (back.state, back.withdrawn_reason) == (State.DRAFT, "")


@pytest.mark.parametrize("state", [State.DRAFT, State.WITHDRAWN])
def test_steps_that_do_not_follow_are_refused(owner: User, state: State) -> None:
    incident = an_incident(state=state, withdrawn_reason="x" * (state == State.WITHDRAWN))
    step = states.return_to_draft if state == State.DRAFT else states.publish
    with pytest.raises(CannotStep, match="cannot become"):
        step(incident, by=owner, at=NOW)
