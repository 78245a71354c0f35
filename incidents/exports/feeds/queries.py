"""One's own feeds, and what is in each at the moment when it is fetched."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from incidents.exports.feeds import atom, calendars
from incidents.exports.feeds.atom import Entry, Head
from incidents.exports.feeds.calendars import Due
from incidents.lib.markdown import text_of
from incidents.models import (
    UNFINISHED,
    ActionItem,
    ActionState,
    Feed,
    FeedKind,
    FeedSpan,
    Incident,
    Runbook,
    Severity,
    State,
    Team,
    User,
)

ENTRIES = 50
DUES = 1000
"""In one calendar, those that are due first: programs refuse files that are too large."""


def feeds_of(user: User) -> QuerySet[Feed]:
    """Those that are not revoked: the latest first."""
    rows = Feed.objects.filter(owner=user, revoked_at=None)
    return rows.select_related("team", "service").order_by("-id")


def file_of(feed: Feed) -> tuple[str, bytes]:
    """The media type, and the file itself, as its owner may see it now."""
    if feed.kind == FeedKind.INCIDENTS:
        return atom.MEDIA_TYPE, atom.written(head_of(feed), entries_of(feed))
    return calendars.MEDIA_TYPE, calendars.written(feed.title, dues_of(feed))


def head_of(feed: Feed) -> Head:
    return Head(
        key=tag_of(f"feed/{feed.pk}"),
        title=feed.title,
        address=f"{settings.SITE_URL}/incidents/",
        site=host(),
        made_at=feed.made_at,
    )


def entries_of(feed: Feed) -> list[Entry]:
    """The incidents that were published last, once they are."""
    rows = Incident.objects.visible_to(feed.owner).filter(state=State.PUBLISHED)
    if feed.span == FeedSpan.TEAM:
        rows = rows.filter(teams=feed.team)
    elif feed.span == FeedSpan.SERVICE:
        rows = rows.filter(services=feed.service)
    rows = rows.select_related("owner", "published_by").prefetch_related("services")
    return [entry_of(one) for one in rows.order_by("-published_at", "-id")[:ENTRIES]]


def entry_of(incident: Incident) -> Entry:
    author = incident.owner or incident.published_by
    severity = Severity(incident.severity)
    label = gettext("severity unknown") if severity == Severity.UNKNOWN else str(severity.label)
    # What is published has its time: the database holds that.
    published_at = incident.published_at or incident.changed_at
    return Entry(
        key=tag_of(incident.reference),
        title=f"{incident.reference} {incident.title}",
        summary=text_of(incident.summary_html),
        address=f"{settings.SITE_URL}{incident.get_absolute_url()}",
        author=author.name if author else "",
        categories=[label, *(service.name for service in incident.services.all())],
        published_at=published_at,
        updated_at=max(published_at, incident.changed_at),
    )


def dues_of(feed: Feed) -> list[Due]:
    """What has a day, the first due first."""
    items = ActionItem.objects.visible_to(feed.owner).filter(
        of_items(feed), state__in=UNFINISHED, due_date__isnull=False
    )
    items = items.select_related("owner", "team", "incident")
    found = [due_of_item(item) for item in items.order_by("due_date", "id")[:DUES]]
    found += [due_of_verifying(item, feed.owner) for item in to_verify(feed)]
    runbooks = Runbook.objects.active().filter(of_runbooks(feed)).select_related("owner", "team")
    found += [due_of_runbook(one) for one in runbooks.defer("body", "body_html").order_by("id")]
    return sorted(found, key=lambda due: due.day)[:DUES]


def to_verify(feed: Feed) -> QuerySet[ActionItem]:
    """What is done and nobody has looked at: where it is one's own, for another to verify."""
    if feed.span == FeedSpan.SERVICE:
        asked = Q(incident__services=feed.service)
    elif feed.span == FeedSpan.TEAMS:
        asked = Q(team__in=Team.objects.filter(members=feed.owner))
    else:
        asked = Q(incident__owner=feed.owner)
    by_another = Q(done_by__isnull=True) | ~Q(done_by=feed.owner)
    rows = ActionItem.objects.visible_to(feed.owner).filter(
        asked, by_another, state=ActionState.DONE, verified_by__isnull=True, done_at__isnull=False
    )
    return rows.select_related("owner", "team", "incident").order_by("done_at", "id")[:DUES]


def of_items(feed: Feed) -> Q:
    if feed.span == FeedSpan.SERVICE:
        return Q(incident__services=feed.service)
    return of_owner(feed)


def of_runbooks(feed: Feed) -> Q:
    return Q(services=feed.service) if feed.span == FeedSpan.SERVICE else of_owner(feed)


def of_owner(feed: Feed) -> Q:
    if feed.span == FeedSpan.TEAMS:
        return Q(team__in=Team.objects.filter(members=feed.owner))
    return Q(owner=feed.owner)


def due_of_item(item: ActionItem) -> Due:
    about = f"{item.incident.reference} {item.incident.title}" if item.incident else ""
    return Due(
        key=f"action-{item.pk}@{host()}",
        day=item.due_date,  # type: ignore[arg-type]  # only those that have one are asked for
        title=gettext("Due: %(reference)s %(title)s")
        % {"reference": item.reference, "title": item.title},
        lines=list(told(about, item.owner, item.team)),
        address=f"{settings.SITE_URL}{item.get_absolute_url()}",
        version=item.version,
        changed_at=item.changed_at,
    )


def due_of_verifying(item: ActionItem, reader: User) -> Due:
    """From that day on it is asked for (`ACTION_VERIFY_DAYS`)."""
    done_at: datetime = item.done_at  # type: ignore[assignment]  # only those that have one are asked for
    about = f"{item.incident.reference} {item.incident.title}" if item.incident else ""
    return Due(
        key=f"verify-action-{item.pk}@{host()}",
        day=reader.date_at(done_at + timedelta(days=settings.ACTION_VERIFY_DAYS)),
        title=gettext("Verify: %(reference)s %(title)s")
        % {"reference": item.reference, "title": item.title},
        lines=list(told(about, item.owner, item.team)),
        address=f"{settings.SITE_URL}{item.get_absolute_url()}",
        version=item.version,
        changed_at=item.changed_at,
    )


def due_of_runbook(runbook: Runbook) -> Due:
    return Due(
        key=f"runbook-{runbook.pk}@{host()}",
        day=runbook.verification_due_date,
        title=gettext("Verify the runbook: %(title)s") % {"title": runbook.title},
        lines=list(told("", runbook.owner, runbook.team)),
        address=f"{settings.SITE_URL}{runbook.get_absolute_url()}",
        version=runbook.version,
        changed_at=runbook.changed_at,
    )


def told(about: str, owner: User | None, team: Team | None) -> Iterable[str]:
    if about:
        yield gettext("From %(about)s") % {"about": about}
    yield gettext("Owner: %(name)s") % {"name": owner.name if owner else gettext("nobody")}
    if team:
        yield gettext("Team: %(name)s") % {"name": team.name}


def host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def tag_of(what: str) -> str:
    """A name for good (RFC 4151): no address, as those may change."""
    return f"tag:{host()},2026:{what}"
