"""The forms of action items."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from incidents.access.choices import offer_people
from incidents.access.references import (
    IncidentReferenceField,
    LessonReferenceField,
    ReferenceField,
)
from incidents.action_items.due import policy_in_words
from incidents.history.forms import NewRecordForm, RecordForm
from incidents.models import ActionItem

# The state has steps of its own: see `operations`.
FIELDS = [
    "title",
    "body",
    "kind",
    "incident",
    "lesson",
    "owner",
    "team",
    "due_date",
    "tracker_url",
    "origin",
    "source",
]
WIDGETS = {
    "body": forms.Textarea(attrs={"rows": 6}),
    "due_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
}
LABELS = {"body": "More about it", "due_date": "Due"}
LONGEST_ANSWER = 10_000


class Typed(RecordForm):
    """What the two forms have in common: typed references, and owners who can sign in."""

    incident = IncidentReferenceField(
        required=False,
        help_text="Only people who may see the incident see its action items.",
    )
    lesson = LessonReferenceField(required=False)
    tracker_url = forms.URLField(
        label="Address in the tracker", required=False, max_length=500, assume_scheme="https"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, ReferenceField):
                field.user = self.user
        offer_people(self.fields["owner"], also=[getattr(self.instance, "owner_id", None)])


class ActionItemForm(Typed):
    class Meta:
        model = ActionItem
        fields = FIELDS
        widgets = WIDGETS
        labels = LABELS


class NewActionItemForm(Typed, NewRecordForm):
    no_due_date = forms.BooleanField(label="It has no due date", required=False)
    field_order = [*FIELDS[: FIELDS.index("due_date") + 1], "no_due_date"]

    class Meta:
        model = ActionItem
        fields = FIELDS
        widgets = WIDGETS
        labels = LABELS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if words := policy_in_words():
            told = f"Left empty, it is counted from today by the severity of the incident: {words}."
            self.fields["due_date"].help_text = told
        else:
            del self.fields["no_due_date"]

    @property
    def values(self) -> dict[str, Any]:
        """Without a due date where that is left to the policy."""
        values = super().values
        has_none = values.pop("no_due_date", False)
        if has_none:
            values["due_date"] = None
        elif values["due_date"] is None:
            del values["due_date"]
        return values


class EvidenceForm(forms.Form):
    evidence = forms.CharField(
        label="What shows that it is done",
        help_text="A link or a sentence.",
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[MaxLengthValidator(LONGEST_ANSWER)],
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Why it will not be done",
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[MaxLengthValidator(LONGEST_ANSWER)],
    )
