"""Freezing a review."""

from datetime import datetime

from django.db import transaction

from incidents.history.operations import create_record
from incidents.models import Review, ReviewEdition, Sight, User
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
