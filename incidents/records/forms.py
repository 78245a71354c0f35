"""The forms of the incident record. They check shape; the operations decide."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from incidents.history.forms import NewRecordForm, RecordForm
from incidents.lib.approximate_time import UNKNOWN, ApproximateTime
from incidents.lib.zones import ZONE_NAMES, NoSuchZone, zone_named
from incidents.models import Incident, ReviewAnswer, Tag, Team, User, Visibility
from incidents.records.fields import ApproximateTimeField, SuggestedInput
from incidents.records.times import TimesOutOfOrder, check_order

if TYPE_CHECKING:
    PeopleChoice = forms.ModelMultipleChoiceField[User]
else:
    PeopleChoice = forms.ModelMultipleChoiceField

FACTS = ["title", "kind", "severity", "detection", "time_zone"]
LINKS = ["owner", "services", "teams"]
SOURCE = ["source_title", "source_url"]
CHECKED_LISTS = {"services": forms.CheckboxSelectMultiple, "teams": forms.CheckboxSelectMultiple}
PHASE_HELP = {
    "began": gettext_lazy(
        "In the record's zone, as precisely as it is known: 2026-03-14 22:30, 2026-03-14 "
        "22h, 2026-03. Empty: unknown."
    ),
    "detected": gettext_lazy("When somebody, or something, first noticed."),
    "mitigated": gettext_lazy("When it stopped hurting."),
    "resolved": gettext_lazy("When all was as it should be."),
}
TAGS_AT_MOST = 20
TAG_LENGTH = Tag._meta.get_field("name").max_length or 0


class ZoneField(forms.CharField):
    """The name of a time zone, such as Asia/Kathmandu; close ones are suggested."""

    widget = SuggestedInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.suggestions = [(name, "") for name in ZONE_NAMES]

    def clean(self, value: Any) -> str:
        name = str(super().clean(value))
        try:
            return zone_named(name).key
        except NoSuchZone as refusal:
            raise ValidationError(str(refusal), code="no_such_zone") from refusal


class TagsField(forms.CharField):
    """Words separated by commas; cleans to a list of names in lower case."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(tag) for tag in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text = str(super().clean(value))
        names = sorted({name.strip().lower() for name in text.split(",") if name.strip()})
        if len(names) > TAGS_AT_MOST:
            raise ValidationError(
                gettext("At most %(TAGS_AT_MOST)s tags; these are %(names)s.")
                % {"TAGS_AT_MOST": TAGS_AT_MOST, "names": len(names)}
            )
        for name in names:
            if len(name) > TAG_LENGTH:
                raise ValidationError(
                    gettext("A tag has at most %(TAG_LENGTH)s characters: “%(name)s…”.")
                    % {"TAG_LENGTH": TAG_LENGTH, "name": name[:40]}
                )
        return names


class CourseFields(RecordForm):
    """What both forms of a record have: its zone, its four moments, its tags."""

    instance: Incident
    time_zone = ZoneField(
        max_length=64, help_text=gettext_lazy("Every time of this record is read in it.")
    )
    began = ApproximateTimeField(help_text=PHASE_HELP["began"])
    detected = ApproximateTimeField(help_text=PHASE_HELP["detected"])
    mitigated = ApproximateTimeField(help_text=PHASE_HELP["mitigated"])
    resolved = ApproximateTimeField(help_text=PHASE_HELP["resolved"])
    tags = TagsField(
        required=False, help_text=gettext_lazy("Words to find it by, separated by commas.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for phase in Incident.PHASES:
            self.moment(phase).zone = self.zone
            if self.instance.pk:
                self.initial[phase] = getattr(self.instance, phase)
        if self.instance.pk:
            self.initial["tags"] = list(self.instance.tags.all())

    def moment(self, phase: str) -> ApproximateTimeField:
        field = self.fields[phase]
        if not isinstance(field, ApproximateTimeField):
            raise TypeError(f"{phase} is not a time.")
        return field

    @property
    def zone(self) -> Any:
        """The zone that is typed, as long as it exists; else the one that the record had.

        Times stay what the clock on the wall showed: in another zone they are other moments.
        """
        typed = self.data.get(self.add_prefix("time_zone"), "") if self.is_bound else ""
        for name in (typed, self.instance.time_zone):
            try:
                return zone_named(str(name).strip())
            except NoSuchZone:
                continue
        return zone_named("UTC")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for phase in Incident.PHASES:
            moment = cleaned.get(phase) or UNKNOWN
            setattr(self.instance, f"{phase}_at", moment.at)
            setattr(self.instance, f"{phase}_precision", moment.precision.value)
        if "time_zone" in cleaned:
            self.instance.time_zone = cleaned["time_zone"]
            try:
                check_order(self.instance)
            except TimesOutOfOrder as refusal:
                self.add_error(refusal.field, str(refusal))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        return columns_of(super().values)


def columns_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Each moment as the two columns that keep it."""
    columns: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, ApproximateTime):
            columns |= {f"{name}_at": value.at, f"{name}_precision": value.precision.value}
        else:
            columns[name] = value
    return columns


class NewIncidentForm(CourseFields, NewRecordForm):
    """As little as it takes to begin; all else is added on the record's page."""

    restricted = forms.BooleanField(
        required=False,
        label=gettext_lazy("Restricted"),
        help_text=gettext_lazy(
            "Only you, the owner, and whom you name afterwards will know of it."
        ),
    )

    class Meta:
        model = Incident
        fields = [*FACTS, "summary", *LINKS]
        widgets = {"summary": forms.Textarea(attrs={"rows": 6}), **CHECKED_LISTS}

    field_order = [
        *FACTS[:4],
        "summary",
        "began",
        "detected",
        "mitigated",
        "resolved",
        "time_zone",
        *LINKS,
        "tags",
        "restricted",
    ]

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        restricted = values.pop("restricted", False)
        kind = Visibility.RESTRICTED if restricted else Visibility.EVERYONE
        return {**values, "visibility": kind.value}


class IncidentForm(CourseFields):
    time_zone = ZoneField(
        max_length=64,
        help_text=gettext_lazy(
            "Every time of this record is read in it. In another zone the clocks keep what "
            "they showed, in the timeline and the config deltas too: 22:30 stays 22:30."
        ),
    )
    source_url = forms.URLField(
        label=gettext_lazy("Source address"), required=False, max_length=500, assume_scheme="https"
    )

    class Meta:
        model = Incident
        fields = [*FACTS, *Incident.PROSE, *LINKS, *SOURCE]
        widgets = CHECKED_LISTS


class AccessForm(RecordForm):
    """Who may see the record."""

    class Meta:
        model = Incident
        fields = ["visibility", "allowed_people", "allowed_teams"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visibility"].widget = forms.RadioSelect(choices=Visibility.choices)
        self.fields["allowed_people"] = people_field(
            label=gettext("People"), help_text=gettext("You and the owner are always among them.")
        )
        self.fields["allowed_teams"] = forms.ModelMultipleChoiceField(
            Team.objects.all(),
            required=False,
            label=gettext("Teams"),
            widget=forms.CheckboxSelectMultiple,
        )


def people_field(**kwargs: Any) -> "PeopleField":
    return PeopleField(
        User.objects.filter(is_active=True).order_by("username"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        **kwargs,
    )


class PeopleField(PeopleChoice):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class ReviewersForm(forms.Form):
    reviewers = people_field(label=gettext_lazy("Who is to review it?"))


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        choices=[(value.value, value.label) for value in ReviewAnswer if value != "asked"],
        widget=forms.RadioSelect,
        label=gettext_lazy("Your answer"),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PublishForm(forms.Form):
    without_approval = forms.BooleanField(
        required=False,
        label=gettext_lazy("Publish without an approval"),
        help_text=gettext_lazy("History will say so."),
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=gettext_lazy("Why is it withdrawn?"),
    )
