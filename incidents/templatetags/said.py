"""What the site says back."""

from django import template
from django.contrib.messages.storage.base import Message

from incidents.lib.undo import Undo, undo_of

register = template.Library()


@register.filter
def undo(message: Message) -> Undo | None:
    """What the message offers to undo."""
    return undo_of(message)
