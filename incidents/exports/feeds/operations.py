"""Making a feed, giving it another link, taking it back."""

from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from incidents.access.tokens import hash_of
from incidents.exports.feeds.links import secret_of
from incidents.history.operations import write_change
from incidents.lib.words.own import in_own_words
from incidents.models import Feed, User

MOST = 50


class TooManyFeeds(Exception):
    def __init__(self) -> None:
        super().__init__(
            gettext("You have %(most)s feeds already: revoke one first.") % {"most": MOST}
        )


@transaction.atomic
def make_feed(*, values: Mapping[str, Any], by: User, at: datetime) -> Feed:
    """A feed of one's own. The person's history keeps that there is one. Raises `TooManyFeeds`."""
    # One at a time, so that two windows together make no more than they may.
    User.objects.select_for_update().get(pk=by.pk)
    if Feed.objects.filter(owner=by, revoked_at=None).count() >= MOST:
        raise TooManyFeeds
    feed = Feed.objects.create(**values, **new_link(), owner=by, made_at=at)
    write_change(by, by=by, at=at, summary=f"Made feed {feed.pk}: {own_title(feed)}", parts=[])
    return feed


@transaction.atomic
def replace_link(feed: Feed, *, by: User, at: datetime) -> None:
    """The old link opens nothing from now on."""
    if Feed.objects.filter(pk=feed.pk, revoked_at=None).update(**new_link(), last_fetched_at=None):
        summary = f"Replaced the link of feed {feed.pk}: {own_title(feed)}"
        write_change(feed.owner, by=by, at=at, summary=summary, parts=[])


@transaction.atomic
def revoke_feed(feed: Feed, *, by: User, at: datetime) -> None:
    """From now on it opens nothing. Taken back twice, it is once."""
    if Feed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=at):
        summary = f"Revoked feed {feed.pk}: {own_title(feed)}"
        write_change(feed.owner, by=by, at=at, summary=summary, parts=[])


def own_title(feed: Feed) -> str:
    with in_own_words():
        return feed.title


def new_link() -> dict[str, str]:
    nonce = token_hex(32)
    return {"nonce": nonce, "sha256": hash_of(secret_of(nonce))}
