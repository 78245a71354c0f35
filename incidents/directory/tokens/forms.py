"""The form of a new token."""

from typing import Any
from uuid import uuid4

from django import forms

from incidents.directory.tokens.operations import SCOPES
from incidents.models import LONG, Reach, Role, Scope, User

DAYS = [("30", "30 days"), ("90", "90 days"), ("365", "a year")]


class NewTokenForm(forms.Form):
    name = forms.CharField(max_length=LONG, help_text="What it is for: the deploy pipeline.")
    scope = forms.ChoiceField(
        label="May",
        widget=forms.RadioSelect,
        initial=Scope.READ,
        help_text="Never more than you may yourself.",
    )
    reach = forms.ChoiceField(
        label="Sees",
        choices=Reach.choices,
        widget=forms.RadioSelect,
        initial=Reach.ALL,
    )
    days = forms.TypedChoiceField(label="Is good for", choices=DAYS, coerce=int, initial="90")
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = [(scope.value, scope.label) for scope in SCOPES[Role(user.role)]]
        self.fields["scope"].choices = scopes  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "scope", "reach")}
