"""A form that makes a record makes one, also when it is sent twice."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from incidents.models import Submission, User


@transaction.atomic
def make_once(*, token: UUID, by: User, at: datetime, make: Callable[[], str]) -> str:
    """Call `make`, which writes a record and returns its address, unless this form already did.

    The token came with the empty form. A second sending waits for the first to end, makes nothing
    and returns the address of what the first one made; if the first failed, the second makes it.
    """
    try:
        with transaction.atomic():
            submission = Submission.objects.create(token=token, by=by, at=at, made_url="")
    except IntegrityError:
        return Submission.objects.get(token=token).made_url
    submission.made_url = make()
    submission.save(update_fields=["made_url"])
    return submission.made_url


def made_before(*, token: UUID | None, by: User) -> str | None:
    """The address of what this person's form has made already, if it has."""
    submission = Submission.objects.filter(token=token, by=by).first() if token else None
    return submission.made_url if submission else None
