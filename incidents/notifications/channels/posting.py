"""What the channels that post to a web address have in common."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from django.conf import settings

from incidents.lib.outgoing import Answer, MayNotReach, NoAnswer, Reach
from incidents.notifications.channels.parcel import Gone, NoServer, NotBrought, NotNow, NotTaken

LONGEST_WAIT = timedelta(days=1)
BUSY = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


def reach() -> Reach:
    return Reach(networks=settings.OUTGOING_NETWORKS, ports=settings.OUTGOING_PORTS)


def post(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    gone: frozenset[int] = frozenset({HTTPStatus.GONE}),
) -> str:
    """Raises `Gone` for these statuses, `NotNow`, `NotTaken` and `NotBrought`."""
    try:
        answer = reach().post(url, body=body, headers=headers)
    except MayNotReach as error:
        raise NotTaken(str(error)) from error
    except NoAnswer as error:
        raise NoServer(str(error)) from error
    if answer.status in gone:
        raise Gone(f"The server answered {answer.status}: there is nothing at this address.")
    refuse(answer)
    return f"Sent, answered {answer.status}."


def refuse(answer: Answer) -> None:
    """The server's own words are left out: they may repeat what it was sent."""
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return
    words = f"The server answered {answer.status}."
    if answer.status in BUSY:
        wait = retry_after(answer.headers.get("retry-after", ""), now=datetime.now(UTC))
        if wait is not None:
            raise NotNow(words, after=wait)
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        words += " It leads elsewhere; name the address that it leads to."
    raise NotBrought(words)


def retry_after(text: str, *, now: datetime) -> timedelta | None:
    """Seconds, or a date; no longer than `LONGEST_WAIT`. None for what is neither."""
    text = text.strip()
    if text.isascii() and text.isdecimal():
        seconds = int(text[:10])
    else:
        try:
            seconds = int((parsedate_to_datetime(text) - now).total_seconds())
        except (ValueError, TypeError):
            return None
    return min(max(timedelta(seconds=seconds), timedelta(seconds=1)), LONGEST_WAIT)
