"""For the scripts that look after a copy of the runbooks on the device."""

from django import template
from django.contrib.auth.models import AnonymousUser

from incidents.models import User
from incidents.runbooks.offline.owner import mark_of

register = template.Library()


@register.filter
def copy_owner(user: User | AnonymousUser | str | None) -> str:
    """`{{ user|copy_owner }}`: whose a copy would be; empty for nobody."""
    return mark_of(user) if isinstance(user, User) and user.is_active else ""
