"""Choosing what is reviewed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from incidents.history.forms import NewRecordForm, RecordForm
from incidents.lib.periods import UNDERSTOOD, NotAPeriod, Period, read_period
from incidents.models import Review, ReviewDecision, Service, Team

DECISION_HELP = gettext_lazy("One sentence. Everybody who signs in can read it.")


class PeriodForm(forms.Form):
    period = forms.CharField(
        label=gettext_lazy("Another period"), max_length=40, help_text=UNDERSTOOD
    )

    def clean_period(self) -> Period:
        try:
            return read_period(self.cleaned_data["period"])
        except NotAPeriod as refusal:
            raise ValidationError(str(refusal)) from refusal


class OfForm(forms.Form):
    """Of which team or service; of all where neither is chosen."""

    team = forms.ModelChoiceField(
        Team.objects.all(),
        label=gettext_lazy("Team"),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("all teams"),
    )
    service = forms.ModelChoiceField(
        Service.objects.all(),
        label=gettext_lazy("Service"),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("all services"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if cleaned.get("team") and cleaned.get("service"):
            raise ValidationError(gettext("Choose a team or a service, not both."))
        return cleaned


class NotesForm(RecordForm):
    class Meta:
        model = Review
        fields = ["notes"]
        widgets = {"notes": forms.Textarea(attrs={"rows": 12})}
        help_texts = {"notes": gettext_lazy("Markdown. Everybody who signs in can read them.")}


class DecisionForm(NewRecordForm):
    class Meta:
        model = ReviewDecision
        fields = ["text"]
        help_texts = {"text": DECISION_HELP}


class ChangedDecisionForm(RecordForm):
    class Meta:
        model = ReviewDecision
        fields = ["text"]
        help_texts = {"text": DECISION_HELP}
