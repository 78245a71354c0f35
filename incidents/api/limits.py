"""How often one may ask: so many times a minute by one token, and from one address.

Counted in each process of the web server by itself. What is guarded is that process, and a count in
the database would cost each reading a write.
"""

import threading
import time
from collections.abc import Callable
from math import ceil
from typing import NamedTuple

from allauth.account.adapter import get_adapter
from django.conf import settings
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from incidents.models import Token

SECONDS = 60


class Left(NamedTuple):
    """Of `most` in this minute `remaining` are left; in `seconds` the next minute begins."""

    most: int
    remaining: int
    seconds: int
    is_over: bool


class Counter:
    """Minutes begin for everybody at once: what the last one counted is dropped as a whole."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.minute = -1
        self.counts: dict[str, int] = {}
        self.lock = threading.Lock()

    def count(self, who: str, most: int) -> Left:
        now = self.clock()
        with self.lock:
            if int(now // SECONDS) != self.minute:
                self.minute, self.counts = int(now // SECONDS), {}
            asked = self.counts[who] = self.counts.get(who, 0) + 1
        seconds = ceil(SECONDS - now % SECONDS)
        return Left(most, max(0, most - asked), seconds, is_over=asked > most)


counter = Counter()


def count_address(request: Request) -> Left:
    """Also of who is refused, so that nobody tries tokens."""
    address = get_adapter().get_client_ip(request._request)  # noqa: SLF001 (DRF's own way to Django's request)
    return counter.count(f"address {address}", settings.API_ADDRESS_RATE)


def count_asker(request: Request) -> Left:
    token = request.auth
    who = f"token {token.pk}" if isinstance(token, Token) else f"person {request.user.pk}"
    return counter.count(who, settings.API_RATE)


def refuse_more(left: Left) -> None:
    """Raises `Throttled`."""
    if left.is_over:
        raise Throttled(wait=left.seconds, detail=f"Not more than {left.most} times a minute.")
