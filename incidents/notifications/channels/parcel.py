"""What a channel is given to bring, and what it may say of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from incidents.models import Endpoint, User
from incidents.notifications.sentences import Line

MOST_LINES = 50
"""Messages that one mail or post spells out; it says how many more there are."""


def language_for(person: User | None) -> str:
    """A person reads what they chose; a room, the language of the site."""
    return person.reads if person is not None else settings.LANGUAGE_CODE


@dataclass(frozen=True)
class Parcel:
    """One delivery: `uid` is the same in every attempt. For a person, or for an endpoint."""

    uid: UUID
    rhythm: str
    made_at: datetime
    lines: list[Line]
    person: User | None = None
    endpoint: Endpoint | None = None

    @property
    def language(self) -> str:
        return language_for(self.person)

    @property
    def shown(self) -> list[Line]:
        return self.lines[:MOST_LINES]

    @property
    def more(self) -> int:
        return len(self.lines) - len(self.shown)


class NotTaken(Exception):
    """Whoever it was brought to will never take it."""


class Gone(Exception):
    """There is nobody at this address any more."""


class NotNow(Exception):
    """Whoever it was brought to asks to come again, at the earliest after so long."""

    def __init__(self, why: str, *, after: timedelta) -> None:
        super().__init__(why)
        self.after = after


class NotBrought(Exception):
    """It did not arrive; the next attempt may go better."""


class NoServer(NotBrought):
    """Nobody answered, whatever there would have been to bring."""
