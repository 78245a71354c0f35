"""The forms of runbooks."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from incidents.access.choices import offer_people
from incidents.history.forms import NewRecordForm, RecordForm
from incidents.history.operations import EditConflict
from incidents.lookup.matchers import UnreadableAlerts, read_alerts
from incidents.models import Knob, Runbook, User, Verdict, VerifyEvery

if TYPE_CHECKING:
    VerdictChoice = forms.ModelMultipleChoiceField[Verdict]
else:
    VerdictChoice = forms.ModelMultipleChoiceField

RUNBOOK_FIELDS = [
    "title",
    "slug",
    "summary",
    "body",
    "alerts",
    "services",
    "knobs",
    "owner",
    "team",
    "verify_every",
]
WIDGETS = {
    "body": forms.Textarea(attrs={"rows": 20}),
    "alerts": forms.Textarea(attrs={"rows": 4}),
    "services": forms.CheckboxSelectMultiple,
    "knobs": forms.CheckboxSelectMultiple,
}
LABELS = {
    "title": gettext_lazy("Title"),
    "slug": gettext_lazy("Address"),
    "alerts": gettext_lazy("Alerts"),
    "services": gettext_lazy("Services"),
    "knobs": gettext_lazy("Knobs that it assumes"),
    "owner": gettext_lazy("Owner"),
    "team": gettext_lazy("Team"),
    "state": gettext_lazy("State"),
    "verify_every": gettext_lazy("Somebody goes through it"),
}
HELP = {
    "slug": gettext_lazy("What stands in the address: small letters, digits and hyphens."),
    "body": gettext_lazy(
        "Markdown. Steps that can be followed half asleep, with what to expect after each."
    ),
    "alerts": gettext_lazy(
        "The alerts that it answers, one on a line: the name of an alert, or matchers "
        'such as alertname=~"KubePod.*", severity="critical".'
    ),
    "knobs": gettext_lazy("Everybody who signs in sees the knobs that a runbook names."),
}


class ReadableAlerts(RecordForm):
    """Says beside the field what the operation would refuse."""

    def clean_alerts(self) -> str:
        text = str(self.cleaned_data["alerts"])
        try:
            read_alerts(text)
        except UnreadableAlerts as refused:
            raise ValidationError(refused.sentences) from refused
        return text


class FaultsField(VerdictChoice):
    def label_from_instance(self, verdict: Verdict) -> str:
        said = ": ".join(filter(None, [verdict.get_said_display(), verdict.note]))
        return f"{said} ({verdict.said_by.name})" if verdict.said_by else said


class RunbookForm(ReadableAlerts):
    class Meta:
        model = Runbook
        fields = [*RUNBOOK_FIELDS, "state"]
        widgets = WIDGETS
        labels = LABELS
        help_texts = HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, self.user)
        said = Verdict.objects.filter(runbook=self.instance.pk).select_related("said_by")
        if faults := list(said.open_faults().order_by("said_at", "pk")):
            self.fields["dealt_with"] = field = FaultsField(
                # What somebody else has dealt with meanwhile is no wrong choice.
                queryset=said,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                label=gettext("This change deals with"),
                help_text=gettext("What people said of it. What is not chosen stays open."),
            )
            field.choices = [(one.pk, field.label_from_instance(one)) for one in faults]

    def show_conflict(self, conflict: EditConflict) -> None:
        """What it deals with is nothing of the runbook's own, and nobody can have changed it."""
        dealt_with = self.fields.pop("dealt_with", None)
        super().show_conflict(conflict)
        if dealt_with:
            self.fields["dealt_with"] = dealt_with


class NewRunbookForm(ReadableAlerts, NewRecordForm):
    class Meta:
        model = Runbook
        fields = RUNBOOK_FIELDS
        widgets = WIDGETS
        labels = LABELS
        help_texts = {
            **HELP,
            "slug": gettext_lazy(
                "What stands in the address: small letters, digits and hyphens. Empty: made from "
                "the title."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        offer_choices(self, self.user)


def offer_choices(form: RecordForm, user: User | None) -> None:
    """How often it is verified, owners who can sign in (and the one it has), and the knobs that the
    person may know of."""
    every = cast("forms.TypedChoiceField", form.fields["verify_every"])
    as_set = gettext("as everywhere here: every %(RUNBOOK_VERIFY_DAYS)s days") % {
        "RUNBOOK_VERIFY_DAYS": settings.RUNBOOK_VERIFY_DAYS
    }
    every.choices = [("", as_set), *VerifyEvery.choices]
    offer_people(form.fields["owner"], also=[getattr(form.instance, "owner_id", None)])
    knobs = cast("forms.ModelMultipleChoiceField[Knob]", form.fields["knobs"])
    knobs.queryset = Knob.objects.visible_to(user or AnonymousUser())
