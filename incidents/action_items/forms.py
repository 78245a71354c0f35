"""The forms of action items."""

import re
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from incidents.access.choices import called, offer_people
from incidents.access.references import (
    IncidentReferenceField,
    LessonReferenceField,
    ReferenceField,
)
from incidents.action_items.due import policy_in_words
from incidents.history.forms import NewRecordForm, RecordForm
from incidents.models import ActionItem, Team, User

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
LABELS = {"body": gettext_lazy("More about it"), "due_date": gettext_lazy("Due")}
LONGEST_ANSWER = 10_000


class Typed(RecordForm):
    """What the two forms have in common: typed references, and owners who can sign in."""

    incident = IncidentReferenceField(
        label=gettext_lazy("Incident"),
        required=False,
        help_text=gettext_lazy("Only people who may see the incident see its action items."),
    )
    lesson = LessonReferenceField(label=gettext_lazy("Lesson"), required=False)
    tracker_url = forms.URLField(
        label=gettext_lazy("Address in the tracker"),
        required=False,
        max_length=500,
        assume_scheme="https",
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
    no_due_date = forms.BooleanField(label=gettext_lazy("It has no due date"), required=False)
    field_order = [*FIELDS[: FIELDS.index("due_date") + 1], "no_due_date"]

    class Meta:
        model = ActionItem
        fields = FIELDS
        widgets = WIDGETS
        labels = LABELS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if words := policy_in_words():
            told = gettext(
                "Left empty, it is counted from today by the severity of the incident: %(words)s."
            ) % {"words": words}
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
        label=gettext_lazy("What shows that it is done"),
        help_text=gettext_lazy("A link or a sentence."),
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[MaxLengthValidator(LONGEST_ANSWER)],
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why it will not be done"),
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[MaxLengthValidator(LONGEST_ANSWER)],
    )


AS_IT_IS, NOBODY = "", "nobody"
MOST_AT_ONCE = 200
CHOSEN = re.compile(r"(?P<pk>[1-9][0-9]{0,17})[.](?P<version>[1-9][0-9]{0,8})")


class BulkForm(forms.Form):
    """What several items are to have; `chosen` are their keys with the versions that were seen."""

    owner = forms.ChoiceField(required=False)
    team = forms.ChoiceField(required=False)
    due_date = forms.DateField(
        label=gettext_lazy("Due"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    no_due_date = forms.BooleanField(label=gettext_lazy("Without a due date"), required=False)
    start = forms.BooleanField(label=gettext_lazy("Start those that are open"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="bulk-%s")
        self.people = {
            str(person.pk): person
            for person in User.objects.filter(is_active=True).order_by("username")
        }
        self.teams = {str(team.pk): team for team in Team.objects.order_by("name", "pk")}
        owners = [(key, called(person)) for key, person in self.people.items()]
        teams = [(key, team.name) for key, team in self.teams.items()]
        choice = cast("forms.ChoiceField", self.fields["owner"])
        choice.choices = [(AS_IT_IS, gettext("as it is")), (NOBODY, gettext("nobody yet")), *owners]
        choice = cast("forms.ChoiceField", self.fields["team"])
        choice.choices = [(AS_IT_IS, gettext("as it is")), (NOBODY, gettext("no team")), *teams]

    @property
    def chosen(self) -> dict[int, int]:
        sent = self.data.getlist("item") if isinstance(self.data, QueryDict) else []
        found = (CHOSEN.fullmatch(one) for one in sent)
        return {int(one["pk"]): int(one["version"]) for one in found if one}

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not self.chosen:
            raise ValidationError(gettext("Select the action items that are to be changed."))
        if len(self.chosen) > MOST_AT_ONCE:
            raise ValidationError(
                gettext("Change %(MOST_AT_ONCE)s at once at most.") % {"MOST_AT_ONCE": MOST_AT_ONCE}
            )
        if cleaned.get("due_date") and cleaned.get("no_due_date"):
            raise ValidationError(gettext("Give a due date, or say that there is none."))
        if not self.errors and not any(cleaned.values()):
            raise ValidationError(gettext("Say what is to change: the owner, the team, the date."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """The columns to be written; what is to stay is not among them."""
        cleaned = self.cleaned_data
        values: dict[str, Any] = {}
        if cleaned["owner"]:
            values["owner"] = self.people.get(cleaned["owner"])
        if cleaned["team"]:
            values["team"] = self.teams.get(cleaned["team"])
        if cleaned["due_date"] or cleaned["no_due_date"]:
            values["due_date"] = cleaned["due_date"]
        return values
