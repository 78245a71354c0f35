"""Rooms and preferences for tests."""

from typing import Any

from incidents.models import (
    Channel,
    Endpoint,
    Event,
    Preference,
    QuietHours,
    Rhythm,
    User,
)
from tests.factories import NOW, numbers

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def a_room(*events: Event, **fields: Any) -> Endpoint:
    fields.setdefault("channel", Channel.SLACK)
    if fields["channel"] == Channel.WEBHOOK:
        fields.setdefault("secret", SECRET)
    return Endpoint.objects.create(
        **{
            "name": f"#room{next(numbers)}",
            "url": "https://hooks.example/services/T0/B0/x",
            "events": list(events or Event),
            "changed_at": NOW,
            **fields,
        }
    )


def prefers(person: User, channel: Channel, event: Event, rhythm: Rhythm) -> None:
    Preference.objects.update_or_create(
        person=person, channel=channel, event=event, defaults={"rhythm": rhythm, "chosen_at": NOW}
    )


def never_sleeps(person: User) -> None:
    QuietHours.objects.create(person=person, are_on=False, chosen_at=NOW)
