"""The private link of a feed: how its secret is made, and whose feed a secret opens."""

from base64 import urlsafe_b64encode
from secrets import compare_digest

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from incidents.access.tokens import hash_of
from incidents.models import Feed, FeedKind, Scope

PREFIX = "pmf_"
"""Scanners of repositories tell a link by it."""
SALT = "incidents.exports.feeds"
NAMES = {FeedKind.INCIDENTS: "exports:incident_feed", FeedKind.CALENDAR: "exports:calendar"}


def secret_of(nonce: str) -> str:
    """256 bits, the same for the same nonce as long as the site keeps its SECRET_KEY."""
    digest = salted_hmac(SALT, nonce, algorithm="sha256").digest()
    return PREFIX + urlsafe_b64encode(digest).decode().rstrip("=")


def address_of(feed: Feed) -> str | None:
    """The whole link; None where it was made with a SECRET_KEY that the site has no more. It opens
    all the same, but only who kept it knows it."""
    secret = secret_of(feed.nonce)
    if not compare_digest(hash_of(secret), feed.sha256):
        return None
    return f"{settings.SITE_URL}{reverse(NAMES[FeedKind(feed.kind)], args=[secret])}"


def good_feed(secret: str, kind: FeedKind) -> Feed | None:
    """The feed of this kind that the secret opens, for its owner, who is to read and no more.

    Found by its hash, so that how long this takes tells nothing of the secrets that there are.
    """
    rows = Feed.objects.good().filter(sha256=hash_of(secret), kind=kind)
    found = rows.select_related("owner", "team", "service").first()
    if found is not None:
        found.owner.scope = Scope.READ
    return found
