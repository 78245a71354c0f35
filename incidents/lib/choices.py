"""What stands for choosing nothing, in words."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy

DASHES = BLANK_CHOICE_DASH[0][1]
YES_NO_UNKNOWN = [
    ("unknown", gettext_lazy("unknown")),
    ("true", gettext_lazy("yes")),
    ("false", gettext_lazy("no")),
]


def name_no_choice(field: forms.Field, words: str) -> None:
    """Put `words` where Django shows dashes for no choice, and leave every other field as it is.

    A yes or no that may be left open says so in small letters, as everything else that is chosen.
    """
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == DASHES:
            field.empty_label = words
    elif isinstance(field, forms.NullBooleanField):
        if isinstance(field.widget, forms.Select):
            field.widget.choices = YES_NO_UNKNOWN
    elif isinstance(field, forms.ChoiceField):
        given = cast("Iterable[tuple[Any, Any]]", field.choices)
        field.choices = [(value, in_words(label, words)) for value, label in given]


def in_words(label: Any, words: str) -> Any:
    return words if label == DASHES else label
