"""Bringing what was told."""

from datetime import timedelta
from uuid import uuid4

from django.utils import translation

from incidents.jobs.kinds import job_kind
from incidents.jobs.work import CannotBeDone, TryLater, Work
from incidents.models import Queue, Rhythm
from incidents.notifications import sending
from incidents.notifications.channels import CHANNELS
from incidents.notifications.channels.parcel import (
    Gone,
    NotBrought,
    NotNow,
    NotTaken,
    Parcel,
    language_for,
)
from incidents.notifications.forgetting import forget_old
from incidents.notifications.owing import DELIVER
from incidents.notifications.pauses import note_answer, unless_paused, way_to
from incidents.notifications.queries import endpoints
from incidents.notifications.sentences import line_of_test


# As many attempts as it takes to wait for about three days for a server that is down.
@job_kind(
    DELIVER,
    queue=Queue.LIGHT,
    attempts=36,
    longest_wait=timedelta(hours=6),
    outside_transaction=True,
)
def deliver(work: Work, *, delivery: int) -> str:
    """Bring one mail or post. Where the end cannot be written down after it was sent, it is sent
    again, with the same number for the receiver to know it by."""
    parcel = sending.take(delivery)
    if parcel is None:
        return finish(work, delivery, "Nothing left to say.", sent=False)
    channel = "email" if parcel.endpoint is None else parcel.endpoint.channel
    try:
        with unless_paused(way_to(parcel.endpoint), at=work.at):
            outcome = CHANNELS[channel](parcel)
    except Gone as error:
        sending.endpoint_is_gone(delivery, at=work.at)
        raise CannotBeDone(str(error)) from error
    except NotTaken as error:
        raise CannotBeDone(str(error)) from error
    except NotNow as error:
        raise TryLater(str(error), after=error.after) from error
    except NotBrought as error:
        raise TryLater(str(error)) from error
    return finish(work, delivery, outcome, sent=True)


def finish(work: Work, delivery: int, outcome: str, *, sent: bool) -> str:
    with work.completing(outcome):
        sending.end(delivery, at=work.at, sent=sent)
    return outcome


@job_kind("notifications.send_test", queue=Queue.LIGHT, attempts=3, outside_transaction=True)
def send_test(work: Work, *, endpoint: int) -> str:
    """Whether it arrived or not, the question is answered and the job is done."""
    room = endpoints().filter(pk=endpoint).first()
    if room is None:
        return "The channel was removed meanwhile."
    with translation.override(language_for(None)):
        lines = [line_of_test(at=work.at)]
    parcel = Parcel(uid=uuid4(), rhythm=Rhythm.AT_ONCE, made_at=work.at, lines=lines, endpoint=room)
    try:
        outcome = CHANNELS[room.channel](parcel)
    except (Gone, NotTaken, NotNow, NotBrought) as error:
        return f"It did not arrive. {error}"
    note_answer(way_to(room))
    return outcome


@job_kind(
    "notifications.forget", queue=Queue.LIGHT, every=timedelta(days=1), outside_transaction=True
)
def forget(work: Work) -> str:
    """Safe to run twice: what is gone is gone."""
    return f"Old messages forgotten: {forget_old(at=work.at, step=work.progress)}"
