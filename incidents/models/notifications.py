"""What people and rooms hear of, and how it is brought to them."""

from datetime import time
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy

from incidents.models.action_items import ActionItem
from incidents.models.editable import LONG, filled, one_of
from incidents.models.incidents import Incident, may_know_incident
from incidents.models.jobs import Job
from incidents.models.knowledge import Lesson
from incidents.models.people import Team
from incidents.models.reviews import Review
from incidents.models.runbooks import Runbook

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from incidents.models.people import User

LONGEST_DETAIL = 300
SHORT_PATH = 8
NIGHT_BEGINS, NIGHT_ENDS = time(20, 0), time(8, 0)


class Event(models.TextChoices):
    """What one may hear of, in the order in which the preferences list them."""

    ASSIGNED = "assigned", gettext_lazy("assigned")
    MENTIONED = "mentioned", gettext_lazy("mentioned")
    REVIEW_ASKED = "review_asked", gettext_lazy("review asked")
    REVIEWED = "reviewed", gettext_lazy("reviewed")
    PUBLISHED = "published", gettext_lazy("published")
    DUE_SOON = "due_soon", gettext_lazy("due soon")
    LATE = "late", gettext_lazy("late")
    REOPENED = "reopened", gettext_lazy("reopened")
    TO_VERIFY = "to_verify", gettext_lazy("to be verified")
    RUNBOOK_WRONG = "runbook_wrong", gettext_lazy("runbook marked wrong")
    RUNBOOK_DUE = "runbook_due", gettext_lazy("runbook to be verified")
    REVIEW_FROZEN = "review_frozen", gettext_lazy("review frozen")
    ACTION_CHANGED = "action_changed", gettext_lazy("action item changed")


FOR_ROOMS = (Event.ACTION_CHANGED,)
"""What rooms and programs may hear of, and nobody is told by name."""


class Channel(models.TextChoices):
    INBOX = "inbox", gettext_lazy("here")
    EMAIL = "email", gettext_lazy("e-mail")
    SLACK = "slack", gettext_lazy("Slack or alike")
    WEBHOOK = "webhook", gettext_lazy("webhook")


PERSONAL = (Channel.INBOX, Channel.EMAIL)
SHARED = (Channel.SLACK, Channel.WEBHOOK)


class Rhythm(models.TextChoices):
    AT_ONCE = "at_once", gettext_lazy("at once")
    DAILY = "daily", gettext_lazy("daily")
    WEEKLY = "weekly", gettext_lazy("weekly")
    OFF = "off", gettext_lazy("not")


class Preference(models.Model):
    """How often a person wants to hear of an event by a channel; without a row, the default."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences"
    )
    channel = models.CharField(max_length=20, choices=Channel)
    event = models.CharField(max_length=20, choices=Event)
    rhythm = models.CharField(max_length=20, choices=Rhythm)
    chosen_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("event", Event),
            one_of("rhythm", Rhythm),
            models.UniqueConstraint(fields=["person", "channel", "event"], name="preference_once"),
            models.CheckConstraint(
                name="incidents_preference_channel_is_a_persons",
                condition=Q(channel__in=PERSONAL),
            ),
            models.CheckConstraint(
                name="incidents_preference_inbox_knows_no_digest",
                condition=~Q(channel=Channel.INBOX) | Q(rhythm__in=[Rhythm.AT_ONCE, Rhythm.OFF]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()}: {self.get_rhythm_display()}"


class QuietHours(models.Model):
    """From when until when nothing is sent to a person, by the clocks of their zone.

    Digests come when they end, also where they are switched off.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiet_hours"
    )
    are_on = models.BooleanField(default=True)
    begin = models.TimeField(default=NIGHT_BEGINS)
    end = models.TimeField(default=NIGHT_ENDS)
    chosen_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="incidents_quiethours_begin_is_not_end", condition=~Q(begin=F("end"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.begin:%H:%M} to {self.end:%H:%M}"


class EndpointState(models.TextChoices):
    ACTIVE = "active", gettext_lazy("active")
    OFF = "off", gettext_lazy("switched off")
    # Its server said that there is nothing any more (410).
    GONE = "gone", gettext_lazy("gone")
    REMOVED = "removed", gettext_lazy("removed")


class Endpoint(models.Model):
    """A room or program of a team, or of the whole site, that hears of events.

    It is cleared for what everybody who signs in may see. Removed, it keeps neither its address nor
    its secret.
    """

    name = models.CharField(max_length=LONG)
    channel = models.CharField(max_length=20, choices=Channel)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="endpoints", null=True, blank=True
    )
    url = models.CharField(gettext_lazy("address"), max_length=2000, blank=True)
    secret = models.CharField(max_length=100, blank=True)
    events = models.JSONField(default=list)
    state = models.CharField(max_length=20, choices=EndpointState, default=EndpointState.ACTIVE)
    changed_at = models.DateTimeField()
    # Nobody: its own server switched it off.
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    # The last message that was sent to try it, as long as jobs are kept.
    test_job = models.OneToOneField(Job, on_delete=models.SET_NULL, related_name="+", null=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            filled("name"),
            one_of("state", EndpointState),
            models.CheckConstraint(
                name="incidents_endpoint_channel_is_shared", condition=Q(channel__in=SHARED)
            ),
            models.CheckConstraint(
                name="incidents_endpoint_address_until_removed",
                condition=Q(state=EndpointState.REMOVED, url="", secret="")
                | (~Q(state=EndpointState.REMOVED) & ~Q(url="")),
            ),
            models.CheckConstraint(
                name="incidents_endpoint_webhook_has_a_secret",
                condition=~Q(channel=Channel.WEBHOOK)
                | Q(state=EndpointState.REMOVED)
                | ~Q(secret=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_url(self) -> str:
        """The host, and the end of the path, which often is a secret itself."""
        parts = urlsplit(self.url)
        path = parts.path if len(parts.path) <= SHORT_PATH else f"/…{parts.path[-4:]}"
        return f"{parts.scheme}://{parts.netloc}{path}"

    @property
    def told_events(self) -> str:
        return ", ".join(str(Event(event).label) for event in self.events)


class Pause(models.Model):
    """A mail server or an endpoint that did not answer: how many times in a row, and until when
    nothing is brought to it. Its row goes when it answers."""

    # "email", or "endpoint 7".
    way = models.CharField(max_length=60, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["way"]
        constraints = [filled("way")]

    def __str__(self) -> str:
        return f"{self.way} until {self.until}"


class DeliveryState(models.TextChoices):
    OWED = "owed", gettext_lazy("waits")
    # From its first attempt on: what happens now comes with the next one.
    SENDING = "sending", gettext_lazy("is being sent")
    SENT = "sent", gettext_lazy("sent")
    # All of it was read, revoked or switched off before it was due.
    NOTHING_LEFT = "nothing_left", gettext_lazy("nothing left to say")


class Delivery(models.Model):
    """One mail or post, with one message or several.

    `job` is what sends it, and knows whether it failed. `uid` is the same in every attempt, so that
    a receiver can tell a second one.
    """

    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    channel = models.CharField(max_length=20, choices=Channel)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deliveries", null=True
    )
    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.CASCADE, related_name="deliveries", null=True
    )
    rhythm = models.CharField(max_length=20, choices=Rhythm)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=DeliveryState, default=DeliveryState.OWED)
    ended_at = models.DateTimeField(null=True)
    job = models.OneToOneField(Job, on_delete=models.SET_NULL, related_name="delivery", null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("channel", Channel),
            one_of("rhythm", Rhythm),
            one_of("state", DeliveryState),
            models.CheckConstraint(
                name="incidents_delivery_is_for_one",
                condition=Q(person__isnull=True, endpoint__isnull=False, channel__in=SHARED)
                | Q(person__isnull=False, endpoint__isnull=True, channel=Channel.EMAIL),
            ),
            models.UniqueConstraint(
                fields=["person", "rhythm", "due_at"],
                name="delivery_joined",
                condition=Q(state=DeliveryState.OWED, person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}, {self.get_state_display()}"


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The person's own, about records that they may still know of."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        item = ActionItem.objects.visible_to(user).filter(pk=OuterRef("action_item_id"))
        lesson = Lesson.objects.visible_to(user).filter(pk=OuterRef("lesson_id"))
        return self.filter(
            Q(incident__isnull=True) | may_know_incident(user),
            Q(action_item__isnull=True) | Exists(item),
            Q(lesson__isnull=True) | Exists(lesson),
            person=user.pk,
        )


# Of what a message may be about, exactly one.
ABOUT = ("incident", "action_item", "lesson", "runbook", "review")


def about_one() -> Q:
    ways = [Q(**{f"{name}__isnull": name != one for name in ABOUT}) for one in ABOUT]
    return reduce(or_, ways)


class Message(models.Model):
    """That somebody, or a room, hears of an event: about which record, by whom, when.

    It holds no words of the record: these are looked up when it is shown or sent, for who may see
    them then. `once` names an occasion of which nobody is told twice.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages", null=True
    )
    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.CASCADE, related_name="messages", null=True
    )
    event = models.CharField(max_length=20, choices=Event)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+", null=True)
    action_item = models.ForeignKey(
        ActionItem, on_delete=models.CASCADE, related_name="+", null=True
    )
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="+", null=True)
    runbook = models.ForeignKey(Runbook, on_delete=models.CASCADE, related_name="+", null=True)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+", null=True)
    # Nobody: the calendar, or the site itself.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", null=True
    )
    made_at = models.DateTimeField()
    detail = models.CharField(max_length=LONGEST_DETAIL, blank=True)
    once = models.CharField(max_length=80, blank=True)
    in_inbox = models.BooleanField()
    read_at = models.DateTimeField(null=True)
    delivery = models.ForeignKey(
        Delivery, on_delete=models.SET_NULL, related_name="messages", null=True
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("event", Event),
            models.CheckConstraint(
                name="incidents_message_is_for_one",
                condition=Q(person__isnull=True, endpoint__isnull=False, in_inbox=False)
                | Q(person__isnull=False, endpoint__isnull=True),
            ),
            models.CheckConstraint(name="incidents_message_is_about_one", condition=about_one()),
        ]
        indexes = [
            models.Index(
                fields=["person", "-id"],
                name="message_unread",
                condition=Q(in_inbox=True, read_at__isnull=True),
            ),
            models.Index(fields=["once", "event"], name="message_once", condition=~Q(once="")),
        ]

    def __str__(self) -> str:
        return self.get_event_display()

    @property
    def about(self) -> Incident | ActionItem | Lesson | Runbook | Review:
        found = (getattr(self, name) for name in ABOUT if getattr(self, f"{name}_id") is not None)
        return next(found)  # type: ignore[no-any-return]  # a constraint says that there is one
