"""What a person's feed reader or calendar fetches for them, by a private link."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from incidents.models.editable import LONG, filled, one_of
from incidents.models.people import Service, Team


class FeedKind(models.TextChoices):
    INCIDENTS = "incidents", gettext_lazy("incidents (Atom)")
    CALENDAR = "calendar", gettext_lazy("calendar (iCalendar)")


class FeedSpan(models.TextChoices):
    ALL = "all", gettext_lazy("all that I may see")
    MINE = "mine", gettext_lazy("mine")
    TEAMS = "teams", gettext_lazy("my teams’")
    TEAM = "team", gettext_lazy("a team’s")
    SERVICE = "service", gettext_lazy("a service’s")


SPANS = {
    FeedKind.INCIDENTS: (FeedSpan.ALL, FeedSpan.TEAM, FeedSpan.SERVICE),
    FeedKind.CALENDAR: (FeedSpan.MINE, FeedSpan.TEAMS, FeedSpan.SERVICE),
}


def one_of_its_spans() -> Q:
    found = Q()
    for kind, spans in SPANS.items():
        found |= Q(kind=kind, span__in=[span.value for span in spans])
    return found


class FeedQuerySet(models.QuerySet["Feed"]):
    def good(self) -> Self:
        """Those that open something: not revoked, of an account that is."""
        return self.filter(revoked_at=None, owner__is_active=True)


class Feed(models.Model):
    """A link that opens what its owner may see at that moment of one list, and nothing else.

    The secret of the link is worked out from `nonce` and the site's SECRET_KEY; `sha256` is of it,
    hexadecimal. So its owner can be shown it again, and who has the database alone cannot.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feeds"
    )
    name = models.CharField(max_length=LONG)
    kind = models.CharField(max_length=20, choices=FeedKind)
    span = models.CharField(max_length=20, choices=FeedSpan)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, related_name="+")
    nonce = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    last_fetched_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            filled("name"),
            filled("nonce"),
            filled("sha256"),
            one_of("kind", FeedKind),
            one_of("span", FeedSpan),
            models.CheckConstraint(
                name="incidents_feed_spans_what_its_kind_can", condition=one_of_its_spans()
            ),
            models.CheckConstraint(
                name="incidents_feed_which_of_these_it_spans",
                condition=Q(span=FeedSpan.TEAM, team__isnull=False, service=None)
                | Q(span=FeedSpan.SERVICE, team=None, service__isnull=False)
                | Q(
                    span__in=[FeedSpan.ALL, FeedSpan.MINE, FeedSpan.TEAMS], team=None, service=None
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """What it is called in the program that fetches it: "Incidents of Payments"."""
        is_calendar = self.kind == FeedKind.CALENDAR
        if of := self.team or self.service:
            words = gettext("Due of %(name)s") if is_calendar else gettext("Incidents of %(name)s")
            return words % {"name": of.name}
        head = gettext("Due") if is_calendar else gettext("Incidents")
        return head if self.span == FeedSpan.ALL else f"{head}: {self.get_span_display()}"
