"""A message that something was done, with the way back in it."""

import json
from dataclasses import asdict, dataclass, field

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.utils.translation import gettext


@dataclass(frozen=True)
class Undo:
    """What is sent, and where to, to take it back."""

    url: str
    fields: dict[str, str | int] = field(default_factory=dict)


def say_done(request: HttpRequest, text: str, *, undo: Undo) -> None:
    """The next page says so, and offers to undo it."""
    messages.success(request, text, extra_tags=json.dumps(asdict(undo)))


def is_as_left(request: HttpRequest, version: int) -> bool:
    """Whether nobody has changed it since the message; else the next page says that they have.

    Who comes by a button of the page names no version: to them it is as they see it.
    """
    if request.POST.get("version", str(version)) == str(version):
        return True
    messages.warning(request, gettext("Somebody changed it since: it is as they left it."))
    return False


def undo_of(message: Message) -> Undo | None:
    """What the message offers to undo."""
    if not (message.extra_tags or "").startswith("{"):
        return None
    return Undo(**json.loads(message.extra_tags))
