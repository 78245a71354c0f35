"""For the bell in the header of every page."""

from django import template
from django.contrib.auth.models import AnonymousUser

from incidents.models import User
from incidents.notifications.queries import MOST_COUNTED, count_unread

register = template.Library()


@register.filter
def unread_count(user: User | AnonymousUser | str | None) -> str:
    """`{{ user|unread_count }}`: "7", "99+"; nothing where all is read."""
    count = count_unread(user) if isinstance(user, User) else 0
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count or "")
