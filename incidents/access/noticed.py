"""Who came in, who did not, and how somebody comes in from now on: lines of the log of their own.

They name accounts by their number, and nothing that was typed: people type passwords into the
field of their name.
"""

import logging
from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as sessions
from django.core.exceptions import PermissionDenied
from django.dispatch import Signal
from django.http import HttpRequest

logger = logging.getLogger("incidents.security")

NOBODY = "-"
REFUSED = (401, 403, 429)
"""Asked for what one may not, without having come in, or too often."""
CHANGES: dict[str, Signal] = {
    "the password was changed": account.password_changed,
    "a first password was set": account.password_set,
    "a forgotten password was set": account.password_reset,
    "an address was added": account.email_added,
    "the address was changed": account.email_changed,
    "an address was removed": account.email_removed,
    "a second factor was added": mfa.authenticator_added,
    "a second factor was removed": mfa.authenticator_removed,
    "recovery codes were made": mfa.authenticator_reset,
}


def watch() -> None:
    """Once for a process."""
    sessions.user_logged_in.connect(came_in, dispatch_uid="noticed")
    sessions.user_logged_out.connect(went, dispatch_uid="noticed")
    sessions.user_login_failed.connect(did_not_come_in, dispatch_uid="noticed")
    for what, signal in CHANGES.items():
        signal.connect(changing(what), weak=False, dispatch_uid=f"noticed {what}")


def came_in(*, request: HttpRequest | None = None, user: Any, **_: Any) -> None:
    records = get_authentication_records(request, user) if request else []
    ways = " and ".join(dict.fromkeys(record["method"] for record in records))
    note(f"came in by {ways or 'the program itself'}", request, account=user.pk)


def went(*, request: HttpRequest | None = None, user: Any, **_: Any) -> None:
    note("went", request, account=user.pk if user else NOBODY)


def did_not_come_in(*, request: HttpRequest | None = None, **_: Any) -> None:
    note("did not come in", request, level=logging.WARNING)


def changing(what: str) -> Any:
    def changed(*, request: HttpRequest | None = None, user: Any, **_: Any) -> None:
        note(what, request, account=user.pk)

    return changed


def refused(request: HttpRequest, *, status: int, method: str, endpoint: str) -> None:
    user = getattr(request, "user", None)
    known = user.pk if user is not None and user.is_authenticated else NOBODY
    note(f"{status} for {method} {endpoint}", request, account=known, level=logging.WARNING)


def note(
    what: str,
    request: HttpRequest | None,
    *,
    account: object = NOBODY,
    level: int = logging.INFO,
) -> None:
    told = {"what": what, "account": account, "address": address_of(request)}
    logger.log(level, "%(what)s: account %(account)s from %(address)s", told, extra=told)


def address_of(request: HttpRequest | None) -> str:
    """As far as the proxy is believed; NOBODY where a program of this machine did it."""
    if request is None or "REMOTE_ADDR" not in request.META:
        return NOBODY
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return NOBODY
