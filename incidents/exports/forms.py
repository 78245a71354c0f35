"""What can be asked for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from incidents.exports.formats import OF_AN_INCIDENT
from incidents.lib.periods import NotAPeriod, Period, read_period
from incidents.models import ExportFormat, Service, Team


def format_field(formats: Any) -> forms.ChoiceField:
    choices = [(each.value, each.label) for each in formats]
    names = format_lazy(", ".join(["{}"] * len(choices)), *(label for _, label in choices))
    words = format_lazy(gettext_lazy("There is no such format: choose {names}."), names=names)
    messages = {"required": words, "invalid_choice": words}
    return forms.ChoiceField(choices=choices, error_messages=messages)


class IncidentExportForm(forms.Form):
    format = format_field(OF_AN_INCIDENT)


class ReviewExportForm(forms.Form):
    format = format_field(ExportFormat)
    period = forms.CharField(max_length=40)
    team = forms.ModelChoiceField(Team.objects.all(), to_field_name="slug", required=False)
    service = forms.ModelChoiceField(Service.objects.all(), to_field_name="slug", required=False)

    def clean_period(self) -> Period:
        try:
            return read_period(self.cleaned_data["period"])
        except NotAPeriod as refusal:
            raise ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        wish = super().clean() or self.cleaned_data
        if wish.get("team") and wish.get("service"):
            raise ValidationError(gettext("Choose a team or a service, not both."))
        return wish


def words_of(form: forms.Form) -> str:
    """What is wrong, in one sentence for each."""
    return " ".join(str(words) for errors in form.errors.values() for words in errors)
