"""The form of a new token."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from incidents.directory.tokens.operations import SCOPES
from incidents.models import LONG, Reach, Role, Scope, User

DAYS = [
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("a year")),
]


class NewTokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONG,
        help_text=gettext_lazy("What it is for: the deploy pipeline."),
    )
    scope = forms.ChoiceField(
        label=pgettext_lazy("token", "May"),
        widget=forms.RadioSelect,
        initial=Scope.READ,
        help_text=gettext_lazy("Never more than you may yourself."),
    )
    reach = forms.ChoiceField(
        label=gettext_lazy("Sees"),
        choices=Reach.choices,
        widget=forms.RadioSelect,
        initial=Reach.ALL,
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Is good for"), choices=DAYS, coerce=int, initial="90"
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = [(scope.value, scope.label) for scope in SCOPES[Role(user.role)]]
        self.fields["scope"].choices = scopes  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "scope", "reach")}
