"""References that people type into forms, `INC-42` or `LES-7`, and names that become addresses."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext

from incidents.access.gates import Visible
from incidents.models import Incident, Lesson, User


class ReferenceField(forms.CharField):
    """Cleans to the record that is meant, or to None where nothing is typed.

    Set `user` before use: a record that this person may not know of is as good as none, and the
    refusal is the same as for a number that nobody has.
    """

    prefix: str
    rows: Visible[Any]
    user: User | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 30, **kwargs})
        self.widget.attrs.setdefault("placeholder", f"{self.prefix}-…")
        self.widget.attrs.setdefault("autocomplete", "off")

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Model):
            value = value.pk
        return f"{self.prefix}-{value}" if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        number = re.fullmatch(rf"(?:{self.prefix}[- ]?)?([1-9][0-9]{{0,17}})", text, re.IGNORECASE)
        if number is None:
            raise ValidationError(gettext("Write it like %(prefix)s-42.") % {"prefix": self.prefix})
        found = None
        if self.user is not None:
            found = self.rows.visible_to(self.user).filter(pk=int(number[1])).first()
        if found is None:
            raise ValidationError(
                gettext("There is no %(prefix)s-%(number)s, or it is not open to you.")
                % {"prefix": self.prefix, "number": number[1]}
            )
        return found


class IncidentReferenceField(ReferenceField):
    prefix = "INC"
    rows = Incident.objects


class LessonReferenceField(ReferenceField):
    prefix = "LES"
    rows = Lesson.objects


def step_of_address(text: str) -> str:
    """The text with each run of spaces as one; raises `ValidationError` for `.` and `..`.

    Browsers take these two away from an address before they ask for it.
    """
    text = " ".join(text.split())
    if {".", ".."} & set(text.split("/")):
        raise ValidationError(gettext("“.” and “..” cannot be part of an address."))
    return text
