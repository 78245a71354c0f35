"""The form of a room or program that is to hear of things."""

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from incidents.lib.outgoing import LONGEST_URL, MayNotReach, split
from incidents.models import LONG, SHARED, Channel, Event, Team

# What concerns one person alone is nothing for a room.
EVENTS = [event for event in Event if event != Event.MENTIONED]
FIRST_CHOICE = [Event.REVIEW_ASKED, Event.PUBLISHED, Event.LATE, Event.RUNBOOK_WRONG]


class NewEndpointForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONG,
        help_text=gettext_lazy("As people know it: #payments."),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[(channel.value, channel.label) for channel in Channel if channel in SHARED],
        help_text=gettext_lazy(
            "Slack's incoming webhooks, which Mattermost and others take too; or JSON, "
            "signed as Standard Webhooks, for a program."
        ),
    )
    url = forms.CharField(
        label=gettext_lazy("Address"), max_length=LONGEST_URL, help_text="https://…"
    )
    team = forms.ModelChoiceField(
        Team.objects.order_by("name", "pk"),
        label=gettext_lazy("Team"),
        required=False,
        empty_label=gettext_lazy("the whole site"),
        help_text=gettext_lazy(
            "A team's channel hears of the team's own incidents, runbooks and action items."
        ),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Hears of"),
        choices=[(event.value, event.label) for event in EVENTS],
        widget=forms.CheckboxSelectMultiple,
        initial=[event.value for event in FIRST_CHOICE],
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        try:
            split(url, settings.OUTGOING_PORTS)
        except MayNotReach as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return url

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "token"}
