"""How often one may ask: so many times a minute by one token, and from one address.

Counted in each process of the web server by itself. What is guarded is that process, and a count in
the database would cost each reading a write.
"""

from allauth.account.adapter import get_adapter
from django.conf import settings
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from incidents.lib.rate import Counter, Left
from incidents.models import Token

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
