"""Atom (RFC 4287), by Django's generator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils.feedgenerator import Atom1Feed

from incidents.exports.feeds.texts import TEXT, TITLE, fitting

MEDIA_TYPE = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True)
class Entry:
    key: str
    """A URI that stays the entry's, whatever becomes of its address."""
    title: str
    summary: str
    address: str
    author: str
    categories: Sequence[str]
    published_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Head:
    key: str
    title: str
    address: str
    """Where people read it: not the private link, which no copy of the feed is to hand on."""
    site: str
    made_at: datetime


class PlainAtom(Atom1Feed):
    """Summaries are plain text, and the same entries are the same bytes whenever they are asked."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["summary"]:
            handler.addQuickElement("summary", item["summary"], {"type": "text"})

    def latest_post_date(self) -> datetime:
        moments = [item["updateddate"] for item in self.items]
        found: datetime = max(moments, default=self.feed["made_at"])
        return found


def written(head: Head, entries: Sequence[Entry]) -> bytes:
    feed = PlainAtom(
        title=fitting(head.title, TITLE),
        link=head.address,
        description=None,
        language="en",
        # Whose the entries are that name nobody: there has to be somebody.
        author_name=head.site,
        feed_guid=head.key,
        made_at=head.made_at,
    )
    for entry in entries:
        feed.add_item(
            title=fitting(entry.title, TITLE),
            link=entry.address,
            description=None,  # type: ignore[arg-type]  # its own would say that it is HTML
            summary=fitting(entry.summary, TEXT),
            unique_id=entry.key,
            author_name=fitting(entry.author, TITLE) or None,
            categories=[fitting(each, TITLE) for each in entry.categories],
            pubdate=entry.published_at,
            updateddate=entry.updated_at,
        )
    file = BytesIO()
    feed.write(file, "utf-8")
    return file.getvalue()
