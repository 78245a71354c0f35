"""Requests that bear a key: each is carried out once, also when it is sent again.

After the draft of the IETF's HTTPAPI group, `draft-ietf-httpapi-idempotency-key-header`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from incidents.lib.removing import remove_in_steps
from incidents.models import KeyedRequest, User

KEPT = timedelta(hours=24)
LONGEST_RUN = timedelta(minutes=5)
"""No request takes that long: what is still without an answer was left by a process that died."""
AT_A_TIME = 1000


class AnotherRequest(Exception):
    """The key was used for something else."""

    def __init__(self) -> None:
        super().__init__("This key was used for another request: choose a new one.")


class StillRunning(Exception):
    """The same request came a moment ago, and is not answered yet."""

    def __init__(self) -> None:
        super().__init__("The same request is being carried out: ask again in a moment.")


def claim_request(*, key: str, fingerprint: str, by: User, at: datetime) -> KeyedRequest:
    """The row of a request that is to be carried out now, or of one that was (it has a status).

    The row is seen by others before the work begins, so that of two at once one carries it out.
    Raises `AnotherRequest` and `StillRunning`.
    """
    mine = KeyedRequest.objects.filter(person=by, key=key)
    mine.filter(begun_at__lte=at - KEPT).delete()
    try:
        with transaction.atomic():
            return KeyedRequest.objects.create(
                person=by, key=key, fingerprint=fingerprint, begun_at=at
            )
    except IntegrityError:
        found = mine.first()
    if found is None:
        # The other was refused in between.
        raise StillRunning
    if found.fingerprint != fingerprint:
        raise AnotherRequest
    if found.status is None:
        left = mine.filter(pk=found.pk, status=None, begun_at__lte=at - LONGEST_RUN)
        if not left.update(begun_at=at):
            raise StillRunning
    return found


def carry_out(
    request: KeyedRequest, does: Callable[[], tuple[int, int]], *, by: User, at: datetime
) -> KeyedRequest:
    """Call `does`, which writes and returns the key of its row and the status of its answer.

    What it writes and that it is done are one transaction. Whatever it raises is raised, nothing
    is written, and the key is free again. `at` is that of the claim: raises `StillRunning` where
    another took it over since.
    """
    claimed = KeyedRequest.objects.filter(pk=request.pk, person=by, begun_at=at, status=None)
    try:
        with transaction.atomic():
            request.made, request.status = does()
            if not claimed.update(made=request.made, status=request.status):
                raise StillRunning
    except BaseException:
        claimed.delete()
        raise
    return request


def forget_requests(*, at: datetime) -> int:
    """Remove what is older than `KEPT`; how many."""
    old = KeyedRequest.objects.filter(begun_at__lte=at - KEPT).order_by("pk")
    return sum(remove_in_steps(old, at_a_time=AT_A_TIME))
