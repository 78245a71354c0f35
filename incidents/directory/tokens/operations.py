"""Making a token, and taking it back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from incidents.access.tokens import SHOWN, hash_of, new_secret
from incidents.history.operations import write_change
from incidents.models import Reach, Role, Scope, Token, User

SCOPES = {
    Role.READER: [Scope.READ],
    Role.EDITOR: [Scope.READ, Scope.WRITE],
    Role.ADMIN: [Scope.READ, Scope.WRITE, Scope.ADMIN],
}
"""What a role can hand on. A role that is taken away later takes it from the token, too."""
MOST = 50


class TooManyTokens(Exception):
    def __init__(self) -> None:
        super().__init__(
            gettext("You have %(most)s tokens already: revoke one first.") % {"most": MOST}
        )


class NotYoursToGive(Exception):
    """Nobody hands on more than their role may do."""

    def __init__(self) -> None:
        super().__init__(gettext("Your role does not have this scope."))


@transaction.atomic
def make_token(
    *, values: Mapping[str, Any], days: int, by: User, at: datetime
) -> tuple[Token, str]:
    """A token of one's own, with its secret, for the one page that shows it.

    The person's history keeps that there is one, and what it may do. Raises `TooManyTokens` and
    `NotYoursToGive`.
    """
    if values["scope"] not in SCOPES[Role(by.role)]:
        raise NotYoursToGive
    # One at a time, so that two windows together make no more than they may.
    User.objects.select_for_update().get(pk=by.pk)
    if Token.objects.good(at).filter(owner=by).count() >= MOST:
        raise TooManyTokens
    secret = new_secret()
    token = Token.objects.create(
        **values,
        owner=by,
        sha256=hash_of(secret),
        beginning=secret[:SHOWN],
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    told = f"Made the token {token.beginning}…: {Scope(token.scope).value}, {told_reach(token)}"
    summary = f"{told}, for {days} days"
    write_change(by, by=by, at=at, summary=summary, parts=[])
    return token, secret


def told_reach(token: Token) -> str:
    return "own incidents" if token.reach == Reach.OWN else "all incidents"


@transaction.atomic
def revoke_token(token: Token, *, by: User, at: datetime) -> None:
    """From now on it opens nothing. Taken back twice, it is once."""
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        summary = f"Revoked the token {token.beginning}…"
        write_change(token.owner, by=by, at=at, summary=summary, parts=[])
