"""Which action items link to an issue, and what was told of it."""

from typing import NamedTuple

from django.conf import settings

from incidents.action_items.trackers import github, gitlab, jira
from incidents.lib.tracker_links import GITHUB, GITLAB, JIRA, TrackerLink, tracker_link
from incidents.models import ActionItem, TrackerIssue, TrackerProvider

SECRETS = {GITHUB: github.SECRETS, GITLAB: gitlab.SECRETS, JIRA: jira.SECRETS}


class InTracker(NamedTuple):
    provider: str
    name: str
    issue: TrackerIssue | None
    is_listened_to: bool


def items_linked_to(link: TrackerLink) -> list[ActionItem]:
    """In the order of their numbers. For the tracker's own messages: nobody in particular asks."""
    # The database finds addresses that hold these pieces; which issue they mean is read from each.
    rows = ActionItem._base_manager.filter(tracker_url__icontains=link.host)
    for piece in (link.place, link.number):
        rows = rows.filter(tracker_url__icontains=piece)
    return [row for row in rows.order_by("pk") if means(row.tracker_url, link)]


def means(address: str, link: TrackerLink) -> bool:
    read = tracker_link(address)
    return read is not None and read.key == link.key


def in_tracker(item: ActionItem) -> InTracker | None:
    """None where the address is of no issue that we know to read."""
    link = tracker_link(item.tracker_url) if item.tracker_url else None
    if link is None:
        return None
    told = TrackerIssue.objects.filter(key=link.key).first()
    return InTracker(
        provider=str(TrackerProvider(link.provider).label),
        name=link.name,
        issue=told,
        is_listened_to=bool(getattr(settings, SECRETS[link.provider])),
    )
