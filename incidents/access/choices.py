"""People to choose from in forms."""

from collections.abc import Iterable
from typing import cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext

from incidents.models import User


def offer_people(field: forms.Field, *, also: Iterable[int | None] = ()) -> None:
    """Offer everybody who can sign in, and those whom the record names already (by key)."""
    choice = cast("forms.ModelChoiceField[User]", field)
    choice.queryset = User.objects.filter(
        Q(is_active=True) | Q(pk__in=[key for key in also if key])
    ).order_by("username")
    choice.label_from_instance = called  # type: ignore[method-assign, assignment]


def called(person: User) -> str:
    """Right: "Ada Lovelace (ada)", "ada". Wrong: "Ada Lovelace", of whom there may be two."""
    name = person.get_full_name()
    shown = f"{name} ({person.username})" if name else person.username
    return shown if person.is_active else gettext("%(name)s, deactivated") % {"name": shown}
