"""The forms of pasting a log: the text, then each event that was found in it."""

from datetime import date
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxLengthValidator
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy

from incidents.lib.approximate_time import Precision, zone_named
from incidents.lib.markdown import MAXIMUM_LENGTH
from incidents.lib.pasted_timeline import MAXIMUM_EVENTS, FoundEvent, Reading
from incidents.models import EventKind, Incident
from incidents.records.fields import ApproximateTimeField

LONGEST_NAME = 200


class PasteForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("The log"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=gettext_lazy("A chat log, or a list of lines that begin with times."),
    )
    day = forms.DateField(
        label=gettext_lazy("Day of the first line"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Where the lines tell only the time of day."),
    )


class FoundEventForm(forms.Form):
    """One event that was found, to be corrected or left out; what is left out is not checked."""

    keep = forms.BooleanField(required=False, initial=True)
    time = ApproximateTimeField()
    kind = forms.ChoiceField(choices=EventKind.choices)
    who = forms.CharField(required=False, max_length=LONGEST_NAME)
    text = forms.CharField(
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[MaxLengthValidator(MAXIMUM_LENGTH)],
    )
    # What the reading could not be sure of travels with the row, to stand beside it again.
    doubt = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["time"]
        if isinstance(field, ApproximateTimeField):
            field.zone = zone

    @property
    def is_kept(self) -> bool:
        return bool(
            self.fields["keep"].widget.value_from_datadict(
                self.data, self.files, self.add_prefix("keep")
            )
        )

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.is_kept:
            self.errors.clear()

    @property
    def values(self) -> dict[str, Any]:
        """The event as the operation takes it."""
        cleaned = self.cleaned_data
        return {
            "event_at": cleaned["time"].at,
            "event_precision": cleaned["time"].precision.value,
            "kind": cleaned["kind"],
            "actor": cleaned["who"],
            "text": cleaned["text"].strip(),
        }


if TYPE_CHECKING:
    FormSet = BaseFormSet[FoundEventForm]
else:
    FormSet = BaseFormSet


class FoundEvents(FormSet):
    kinds = EventKind.choices

    @property
    def kept(self) -> list[dict[str, Any]]:
        return [form.values for form in self.forms if form.is_kept]


FoundEventFormSet = cast(
    "type[FoundEvents]",
    formset_factory(
        FoundEventForm,
        formset=FoundEvents,
        extra=0,
        max_num=MAXIMUM_EVENTS,
        absolute_max=MAXIMUM_EVENTS,
    ),
)


class RestForm(forms.Form):
    """What belongs to all the events, and the lines in which none was found."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    source = forms.CharField(
        label=gettext_lazy("Source"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=gettext_lazy(
            "Where the log is from, such as the channel. Written beside each event."
        ),
    )
    unread = forms.CharField(
        label=gettext_lazy("Lines without a time"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[MaxLengthValidator(MAXIMUM_LENGTH)],
    )
    keep_unread = forms.BooleanField(
        label=gettext_lazy("Add these lines as one event without a time"), required=False
    )

    @property
    def unread_event(self) -> dict[str, Any] | None:
        text = self.cleaned_data["unread"].strip()
        if not text or not self.cleaned_data["keep_unread"]:
            return None
        return {"kind": EventKind.CONTEXT, "text": text}


def as_initial(found: FoundEvent) -> dict[str, Any]:
    """A message in a chat is communication until somebody says what it was about."""
    return {
        "keep": True,
        "time": found.time_text,
        "kind": EventKind.COMMUNICATION if found.who else EventKind.SYMPTOM,
        "who": found.who[:LONGEST_NAME],
        "text": found.text or found.pasted,
        "doubt": found.doubt,
    }


def unread_text(reading: Reading) -> str:
    return "\n".join(line.text for line in reading.unread)


def first_day(incident: Incident) -> date | None:
    """The day on which it began, where that is known: logs seldom repeat it on each line."""
    began = incident.began
    if began.at is None or began.precision in {Precision.MONTH, Precision.YEAR}:
        return None
    return began.at.astimezone(zone_named(incident.time_zone)).date()
