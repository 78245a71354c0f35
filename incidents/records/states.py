"""The way of a record: draft, in review, published; withdrawn. Each step with its rules."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from incidents.access.permissions import may_edit
from incidents.history.operations import change_record, create_records, locked
from incidents.history.queries import values_at_version
from incidents.lib.words.own import in_own_words
from incidents.models import Event, Incident, ReviewAnswer, Reviewer, State, User
from incidents.notifications.operations import tell

STEPS: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.IN_REVIEW, State.PUBLISHED, State.WITHDRAWN}),
    State.IN_REVIEW: frozenset({State.IN_REVIEW, State.DRAFT, State.PUBLISHED, State.WITHDRAWN}),
    State.PUBLISHED: frozenset({State.DRAFT, State.WITHDRAWN}),
    State.WITHDRAWN: frozenset({State.DRAFT}),
}
"""From each state, the states that it may go to."""


class CannotStep(Exception):
    """The record cannot take this step now; the message says why, and what would help."""


@transaction.atomic
def send_to_review(
    incident: Incident, *, reviewers: Iterable[User], by: User, at: datetime
) -> Incident:
    """Ask these people to review it, besides those already asked. Raises `CannotStep`."""
    incident = at_step(incident, State.IN_REVIEW)
    asked = {row.person_id for row in incident.reviewers.all()}
    new = [person for person in reviewers if person.pk not in asked]
    if incident.owner is None:
        raise CannotStep(gettext("Name an owner first: somebody has to answer the reviewers."))
    if not new and not asked:
        raise CannotStep(gettext("Name at least one person who is to review it."))
    for person in new:
        if not Incident.objects.visible_to(person).filter(pk=incident.pk).exists():
            raise CannotStep(
                gettext("%(person_name)s may not see this record: name them under access.")
                % {"person_name": person.name}
            )
    rows = [
        Reviewer(incident=incident, person=person, position=len(asked) + place)
        for place, person in enumerate(new)
    ]
    names = ", ".join(person.name for person in new)
    create_records(rows, by=by, at=at, summary=f"Asked for review: {names}")
    sent = step(incident, State.IN_REVIEW, by=by, at=at, summary="Sent to review")
    tell(Event.REVIEW_ASKED, about=sent, to=new, by=by, at=at)
    return sent


@transaction.atomic
def answer_review(
    incident: Incident, *, answer: str, note: str, by: User, at: datetime
) -> Reviewer:
    """The answer of one who was asked; it may be changed while the record is in review.

    Raises `CannotStep` for anybody else, and when the record is not in review.
    """
    incident = locked(incident)
    row = incident.reviewers.filter(person=by).first()
    if row is None:
        raise CannotStep(gettext("You were not asked to review this record."))
    if incident.state != State.IN_REVIEW:
        raise CannotStep(gettext("The record is not in review any more."))
    if answer == ReviewAnswer.CHANGES_WANTED and not note.strip():
        raise CannotStep(gettext("Say which changes you want."))
    values = {
        "answer": answer,
        "note": note,
        "answered_at": None if answer == ReviewAnswer.ASKED else at,
    }
    with in_own_words():
        label = str(ReviewAnswer(answer).label)
    changed = change_record(
        row, version=row.version, values=values, by=by, at=at, summary=f"Reviewed it: {label}"
    )
    if answer not in {row.answer, ReviewAnswer.ASKED}:
        detail = f"{label.capitalize()}."
        tell(Event.REVIEWED, about=incident, to=[incident.owner], by=by, at=at, detail=detail)
    return changed


@transaction.atomic
def publish(
    incident: Incident, *, by: User | None, at: datetime, without_approval: bool = False
) -> Incident:
    """Make it one of the published records; it can still be edited, and history shows it.

    Somebody must have approved it and nobody be waiting for changes, unless `without_approval` is
    asked for, which history then says. Raises `CannotStep`.
    """
    incident = at_step(incident, State.PUBLISHED)
    answers = set(incident.reviewers.values_list("answer", flat=True))
    if ReviewAnswer.CHANGES_WANTED in answers and not without_approval:
        raise CannotStep(
            gettext("A reviewer wants changes. Settle them, or publish without approval.")
        )
    if ReviewAnswer.APPROVED not in answers and not without_approval:
        raise CannotStep(
            gettext("Nobody has approved it yet. Ask for a review, or publish without one.")
        )
    approved = ReviewAnswer.APPROVED in answers
    summary = "Published" if approved else "Published without an approval"
    more = {"published_at": at, "published_by": by}
    published = step(incident, State.PUBLISHED, by=by, at=at, summary=summary, **more)
    if by is not None:
        people = those_who_had_to_do_with(published)
        tell(Event.PUBLISHED, about=published, to=people, by=by, at=at)
    return published


def next_for(incident: Incident, person: User) -> str:
    """The step that waits for this person: "answer", "publish", "ask", or "" for none.

    Of editors the last two; whoever is asked to review it answers first.
    """
    answers = {row.person_id: row.answer for row in incident.reviewers.all()}
    given = set(answers.values())
    if incident.state == State.IN_REVIEW and answers.get(person.pk) == ReviewAnswer.ASKED:
        return "answer"
    if not may_edit(person):
        return ""
    if incident.state == State.DRAFT:
        return "ask"
    is_approved = ReviewAnswer.APPROVED in given and ReviewAnswer.CHANGES_WANTED not in given
    return "publish" if incident.state == State.IN_REVIEW and is_approved else ""


def those_who_had_to_do_with(incident: Incident) -> list[User]:
    """Its owner, its reviewers, who took part, who has an action item of it, the teams it names."""
    people = User.objects
    found = [
        people.filter(owned_incidents=incident),
        people.filter(reviews_asked__incident=incident),
        people.filter(participations__incident=incident),
        people.filter(action_items__incident=incident),
        people.filter(teams__incidents=incident),
    ]
    return list({person.pk: person for rows in found for person in rows}.values())


@transaction.atomic
def return_to_draft(incident: Incident, *, by: User, at: datetime) -> Incident:
    """Raises `CannotStep`."""
    incident = at_step(incident, State.DRAFT)
    return step(
        incident,
        State.DRAFT,
        by=by,
        at=at,
        summary="Returned to draft",
        withdrawn_reason="",
    )


@transaction.atomic
def withdraw(incident: Incident, *, reason: str, by: User | None, at: datetime) -> Incident:
    """What elsewhere would be deleting: it leaves the lists, its history stays.

    Raises `CannotStep`, also where no reason is given.
    """
    incident = at_step(incident, State.WITHDRAWN)
    if not reason.strip():
        raise CannotStep(gettext("Say why it is withdrawn."))
    more = {"withdrawn_reason": reason.strip()}
    return step(incident, State.WITHDRAWN, by=by, at=at, summary="Withdrew the record", **more)


@transaction.atomic
def undo_withdrawal(incident: Incident, *, by: User, at: datetime) -> Incident:
    """Back to the state that it was withdrawn from, while nothing else was changed since.

    Raises `CannotStep`.
    """
    incident = locked(incident)
    before = values_at_version(incident, incident.version - 1) or {}
    if incident.state != State.WITHDRAWN or "state" not in before:
        raise CannotStep(gettext("Somebody changed it since: it is as they left it."))
    state = State(str(before["state"]))
    summary = "Undid the withdrawal"
    return step(incident, state, by=by, at=at, summary=summary, withdrawn_reason="")


def at_step(incident: Incident, state: State) -> Incident:
    """The record, held until the transaction ends, if it may go to `state` from where it is."""
    incident = locked(incident)
    if state not in STEPS[incident.state]:
        raise CannotStep(
            gettext("The record is %(get_state_display)s: it cannot become %(label)s now.")
            % {"get_state_display": incident.get_state_display(), "label": state.label}
        )
    return incident


def step(
    incident: Incident, state: State, *, by: User | None, at: datetime, summary: str, **more: Any
) -> Incident:
    return change_record(
        incident,
        version=incident.version,
        values={"state": state, **more},
        by=by,
        at=at,
        summary=summary,
    )
