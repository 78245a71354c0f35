"""Freezing a review, and writing down what the meeting over it said and decided."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy

from incidents.action_items.operations import create_action_item
from incidents.history.operations import (
    RowGone,
    change_record,
    create_record,
    locked,
    remove_record,
)
from incidents.lib.one_moment import one_moment
from incidents.models import (
    ActionItem,
    Change,
    Event,
    Review,
    ReviewDecision,
    ReviewEdition,
    User,
)
from incidents.notifications.operations import tell
from incidents.review.editions import editions_of, title_of
from incidents.review.scope import Scope

FROZEN_ALREADY = gettext_lazy("This review was frozen already.")


class CannotFreeze(Exception):
    """The period is not over, or somebody was there first. Nothing was written."""


def freeze_review(scope: Scope, *, by: User, at: datetime) -> Review:
    """Keep the figures as they are now, and tell whom they are about. Raises `CannotFreeze`.

    1. Figures and versions are read as of one moment, so that they are of the same records whatever
       is edited meanwhile.
    2. They are written. What was edited in between has changed since.
    """
    if at < scope.period.moments(scope.zone)[1]:
        raise CannotFreeze(
            gettext("%(label)s is not over yet: freeze it when it is.")
            % {"label": scope.period.label}
        )
    if Review.objects.of(scope.period, team=scope.team, service=scope.service).exists():
        raise CannotFreeze(FROZEN_ALREADY)
    with one_moment():
        editions = editions_of(scope, at=at)
    with transaction.atomic():
        review = keep_review(scope, editions, by=by, at=at)
        tell(Event.REVIEW_FROZEN, about=review, to=those_who_are_reviewed(review), by=by, at=at)
    return review


@transaction.atomic
def keep_review(scope: Scope, editions: list[ReviewEdition], *, by: User, at: datetime) -> Review:
    """Raises `CannotFreeze` where somebody was there first."""
    review = Review(
        title=title_of(scope),
        start_date=scope.period.starts,
        end_date=scope.period.ends,
        team=scope.team,
        service=scope.service,
        frozen_at=at,
        frozen_by=by,
    )
    try:
        create_record(review, by=by, at=at, summary=f"Froze the review of {review.title}")
    except IntegrityError as error:
        raise CannotFreeze(FROZEN_ALREADY) from error
    for edition in editions:
        edition.review = review
    ReviewEdition.objects.bulk_create(editions)
    return review


def those_who_are_reviewed(review: Review) -> QuerySet[User]:
    """The team that it is of, or that has its service; everybody where it is of all.

    Whoever wants to hear of none chooses so.
    """
    people = User.objects.filter(is_active=True).order_by("pk")
    if review.team is None and review.service is None:
        return people
    team = review.team or (review.service.team if review.service else None)
    return people.filter(teams=team) if team else people.none()


class AlreadyActedOn(ValidationError):
    """Somebody else made it an action item, of which its reader need not know. Nothing was
    written."""

    def __init__(self) -> None:
        super().__init__(gettext("This decision has become an action item already."))


@transaction.atomic
def write_notes(
    review: Review, *, version: int, values: Mapping[str, Any], by: User, at: datetime
) -> Review:
    """Raises `EditConflict`, `RowGone`, and `incidents.lib.markdown.TextTooLong`."""
    return change_record(
        review, version=version, values=values, by=by, at=at, summary="Wrote the notes"
    )


@transaction.atomic
def add_decision(
    review: Review, *, values: Mapping[str, Any], by: User, at: datetime
) -> ReviewDecision:
    decision = ReviewDecision(review=review, **values)
    summary = f"Added the decision “{decision.text}”"
    return create_record(decision, by=by, at=at, summary=summary)


@transaction.atomic
def change_decision(
    decision: ReviewDecision, *, version: int, values: Mapping[str, Any], by: User, at: datetime
) -> ReviewDecision:
    """What it became stays as it is. Raises `EditConflict` and `RowGone`."""
    summary = "Changed a decision"
    return change_record(decision, version=version, values=values, by=by, at=at, summary=summary)


@transaction.atomic
def remove_decision(decision: ReviewDecision, *, version: int, by: User, at: datetime) -> Change:
    """What it became stays. The line of history that is returned can bring it back.

    Raises `EditConflict` where somebody changed it in between, and `RowGone`.
    """
    summary = f"Removed the decision “{decision.text}”"
    return remove_record(decision, version=version, by=by, at=at, summary=summary)


@transaction.atomic
def act_on_decision(
    decision: ReviewDecision, *, values: Mapping[str, Any], by: User, at: datetime
) -> ActionItem:
    """Make it an action item.

    Raises `AlreadyActedOn`, `ValidationError` where it was removed, and what `create_action_item`
    does.
    """
    try:
        current = locked(decision)
    except RowGone as gone:
        raise ValidationError(str(gone)) from gone
    if current.action_item is not None:
        raise AlreadyActedOn
    item = create_action_item(values=values, by=by, at=at)
    change_record(
        current,
        version=current.version,
        values={"action_item": item},
        by=by,
        at=at,
        summary="Made a decision an action item",
    )
    return item
