"""Freezing a review, and writing down what the meeting over it said and decided."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from incidents.action_items.operations import create_action_item
from incidents.history.operations import change_record, create_record, locked
from incidents.models import ActionItem, Review, ReviewDecision, ReviewEdition, Sight, User
from incidents.review.editions import edition_of
from incidents.review.scope import Scope


class CannotFreeze(Exception):
    """The period is not over, or somebody was there first. Nothing was written."""


@transaction.atomic
def freeze_review(scope: Scope, *, by: User, at: datetime) -> Review:
    """Keep the figures as they are now, over what everybody may see and over every record.

    Raises `CannotFreeze`.
    """
    if at < scope.period.moments(scope.zone)[1]:
        raise CannotFreeze(f"{scope.period.label} is not over yet: freeze it when it is.")
    if Review.objects.of(scope.period, team=scope.team, service=scope.service).exists():
        raise CannotFreeze("This review was frozen already.")
    review = Review(
        title=scope.label,
        start_date=scope.period.starts,
        end_date=scope.period.ends,
        team=scope.team,
        service=scope.service,
        frozen_at=at,
        frozen_by=by,
    )
    create_record(review, by=by, at=at, summary=f"Froze the review of {review.title}")
    editions = [edition_of(scope, sight, at=at) for sight in Sight]
    for edition in editions:
        edition.review = review
    ReviewEdition.objects.bulk_create(editions)
    return review


class AlreadyActedOn(ValidationError):
    """Somebody else made it an action item. Nothing was written."""

    def __init__(self, item: ActionItem) -> None:
        super().__init__(f"This decision is {item.reference} already.")


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
def act_on_decision(
    decision: ReviewDecision, *, values: Mapping[str, Any], by: User, at: datetime
) -> ActionItem:
    """Make it an action item. Raises `AlreadyActedOn`, and what `create_action_item` does."""
    current = locked(decision)
    if current.action_item is not None:
        raise AlreadyActedOn(current.action_item)
    item = create_action_item(values=values, by=by, at=at)
    change_record(
        current,
        version=current.version,
        values={"action_item": item},
        by=by,
        at=at,
        summary=f"The decision became {item.reference}",
    )
    return item
