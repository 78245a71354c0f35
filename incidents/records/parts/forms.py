"""The forms of a record's parts: shape only; what contradicts the record, the operation says."""

from typing import Any, ClassVar, cast
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from incidents.access.references import (
    IncidentReferenceField,
    LessonReferenceField,
    ReferenceField,
    step_of_address,
)
from incidents.history.forms import RecordForm
from incidents.lib.approximate_time import zone_named
from incidents.lib.markdown import MAXIMUM_LENGTH
from incidents.lib.words.translated import Translated
from incidents.models import (
    ConfigDelta,
    ContributingFactor,
    Factor,
    FactorCategory,
    ImpactMeasure,
    Incident,
    Knob,
    Known,
    Lesson,
    LessonLink,
    Part,
    Participant,
    RelatedIncident,
    Runbook,
    RunbookState,
    RunbookUse,
    TimelineEvent,
    User,
)
from incidents.records.fields import ApproximateTimeField, SuggestedInput
from incidents.records.parts.no_secrets import secrets_among
from incidents.records.parts.vocabulary import NEW_FACTOR_WITHOUT_CATEGORY

MOST_SUGGESTIONS = 300
HOW_TO_TYPE_A_TIME = gettext_lazy(
    "In {zone}, as precisely as it is known: 2026, 2026-03, 2026-03-14 22h or 22:30."
)

VALUE_MISSING = {
    "before": gettext_lazy("Give the value before, or say that it is unknown or not set."),
    "after": gettext_lazy("Give the value after, or say that it is unknown or not set."),
}


class PartForm(RecordForm):
    """The form of one part of `instance.incident`, new or not.

    A new part's form carries a token, which makes sending it twice harmless.
    """

    instance: Part
    ROWS: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """The fields as they stand: those of one row side by side where there is room."""
    TIMES: ClassVar[dict[str, str]] = {}
    """Each text box `x` that stands for `x_at` and `x_precision`, and the row's name for both."""
    BESIDE: ClassVar[dict[str, str]] = {}
    """For a constraint, the field that can mend it: its words stand there."""
    SAID_BESIDE: ClassVar[tuple[tuple[Translated, str], ...]] = ()
    """The same for sentences that no constraint of the part has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        time_zone = self.instance.incident.time_zone
        for name, time in self.TIMES.items():
            field = self.fields[name]
            if isinstance(field, ApproximateTimeField):
                field.zone = zone_named(time_zone)
                field.help_text = HOW_TO_TYPE_A_TIME.format(zone=time_zone)
            self.initial.setdefault(name, getattr(self.instance, time))
        for field in self.fields.values():
            if isinstance(field, ReferenceField):
                field.user = self.user
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3
                field.validators.append(MaxLengthValidator(MAXIMUM_LENGTH))
        for name, field in self.fields.items():
            value = self.initial.get(name)
            if isinstance(field, forms.DecimalField) and value is not None:
                # As it was typed: 10 and not 10.0000.
                self.initial[name] = format(value.normalize(), "f")
        if self.instance.pk is None:
            token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
            self.fields["token"] = token
        self.suggest()

    def suggest(self) -> None:
        """Fill in the choices and suggestions: only what `self.user` may know of."""

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        return [[self[name] for name in row] for row in self.ROWS]

    @property
    def values(self) -> dict[str, Any]:
        values = {name: value for name, value in super().values.items() if name != "token"}
        for name in self.TIMES:
            if name in values:
                time = values.pop(name)
                values |= {f"{name}_at": time.at, f"{name}_precision": time.precision.value}
        return values

    def add_error(self, field: str | None, error: Any) -> None:
        """Puts what a constraint says beside the field that can mend it."""
        if field is not None or not (self.BESIDE or self.SAID_BESIDE):
            super().add_error(field, error)
            return
        problem = error if isinstance(error, ValidationError) else ValidationError(error)
        if hasattr(problem, "error_dict"):
            for name, problems in problem.error_dict.items():
                for one in problems:
                    super().add_error(self.beside(one) if name == "__all__" else name, one)
        else:
            for one in problem.error_list:
                super().add_error(self.beside(one), one)

    def beside(self, problem: ValidationError) -> str | None:
        said = " ".join(problem.messages)
        for constraint in self.instance._meta.constraints:
            if constraint.get_violation_error_message() == said:
                return self.BESIDE.get(constraint.name)
        return next((name for words, name in self.SAID_BESIDE if str(words) == said), None)


class TimelineEventForm(PartForm):
    event = ApproximateTimeField(label=gettext_lazy("When"))

    ROWS = (
        ("event", "kind"),
        ("text",),
        ("actor", "known_then"),
        ("time_note", "source"),
    )
    TIMES = {"event": "time"}

    class Meta:
        model = TimelineEvent
        fields = ["kind", "text", "actor", "known_then", "time_note", "source"]
        labels = {"text": gettext_lazy("What happened"), "time_note": gettext_lazy("Time in words")}


class ContributingFactorForm(PartForm):
    instance: ContributingFactor
    factor_name = forms.CharField(
        label=gettext_lazy("Factor"),
        max_length=200,
        widget=SuggestedInput,
        help_text=gettext_lazy(
            "A condition, such as “pool smaller than its clients”; never a person."
        ),
    )
    category = forms.ChoiceField(
        label=gettext_lazy("About"),
        required=False,
        choices=[("", gettext_lazy("as it is written down already")), *FactorCategory.choices],
        help_text=gettext_lazy("Only for a factor that is new here."),
    )

    ROWS = (("factor_name", "category"), ("how",), ("source",))
    BESIDE = {"incidents_contributingfactor_once": "factor_name"}
    SAID_BESIDE = ((NEW_FACTOR_WITHOUT_CATEGORY, "category"),)

    class Meta:
        model = ContributingFactor
        fields = ["how", "source"]

    def suggest(self) -> None:
        if self.instance.pk is not None:
            self.initial.setdefault("factor_name", self.instance.factor.name)
        if self.user is not None:
            names = Factor.objects.visible_to(self.user).values_list("name", "category")
            labels = {value: str(label) for value, label in FactorCategory.choices}
            suggest(
                self.fields["factor_name"],
                [(name, labels[category]) for name, category in names[:MOST_SUGGESTIONS]],
            )


class ConfigDeltaForm(PartForm):
    instance: ConfigDelta
    component = forms.CharField(
        max_length=100, widget=SuggestedInput, help_text=gettext_lazy("Such as nginx.")
    )
    key = forms.CharField(max_length=200, widget=SuggestedInput)
    unit = forms.CharField(
        max_length=40, required=False, help_text=gettext_lazy("Only for a new knob.")
    )
    turned = ApproximateTimeField(label=gettext_lazy("When"))

    ROWS = (
        ("component", "key", "unit"),
        ("before", "before_known"),
        ("after", "after_known"),
        ("part", "place", "turned"),
        ("note",),
        ("source",),
    )
    TIMES = {"turned": "time"}
    BESIDE = {"incidents_configdelta_changes_something": "after"}
    SAID_BESIDE = ((gettext_lazy("A component's name has no slash."), "component"),)

    class Meta:
        model = ConfigDelta
        fields = [
            "before",
            "before_known",
            "after",
            "after_known",
            "part",
            "place",
            "note",
            "source",
        ]
        labels = {
            "before_known": gettext_lazy("Before is"),
            "after_known": gettext_lazy("After is"),
            "part": gettext_lazy("What it did"),
        }

    def suggest(self) -> None:
        if self.instance.pk is not None:
            knob = self.instance.knob
            for name in ("component", "key", "unit"):
                self.initial.setdefault(name, getattr(knob, name))
        if self.user is not None:
            knobs = list(
                Knob.objects.visible_to(self.user).values_list("component", "key")[
                    :MOST_SUGGESTIONS
                ]
            )
            suggest(self.fields["component"], [(name, "") for name, _ in knobs])
            suggest(self.fields["key"], [(key, component) for component, key in knobs])

    def clean_component(self) -> str:
        return step_of_address(self.cleaned_data["component"])

    def clean_key(self) -> str:
        return step_of_address(self.cleaned_data["key"])

    def clean(self) -> dict[str, Any]:
        """Who types a value knows it; who types none says why there is none."""
        cleaned = super().clean() or self.cleaned_data
        for side in ("before", "after"):
            if cleaned.get(side):
                cleaned[f"{side}_known"] = Known.KNOWN
            elif side in cleaned and cleaned.get(f"{side}_known") == Known.KNOWN:
                self.add_error(side, VALUE_MISSING[side])
        self.refuse_secrets(cleaned)
        return cleaned

    def refuse_secrets(self, cleaned: dict[str, Any]) -> None:
        """The field comes back empty: a secret is not sent about once more."""
        secrets = secrets_among(cleaned, knob=str(cleaned.get("key") or ""))
        data = cast("QueryDict", self.data).copy()
        for name, sentence in secrets.items():
            data[self.add_prefix(name)] = ""
            self.add_error(name, sentence)
        self.data = data


class ImpactMeasureForm(PartForm):
    ROWS = (("name",), ("value", "out_of", "unit"), ("is_approximate",), ("note", "source"))
    BESIDE = {
        "incidents_impactmeasure_value_not_negative": "value",
        "incidents_impactmeasure_out_of_more_than_none": "out_of",
        "incidents_impactmeasure_value_within_whole": "value",
    }

    class Meta:
        model = ImpactMeasure
        fields = ["name", "value", "out_of", "unit", "is_approximate", "note", "source"]
        labels = {"value": gettext_lazy("How many or how much")}
        help_texts = {"unit": gettext_lazy("Such as users, requests, minutes, EUR.")}


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class ParticipantForm(PartForm):
    instance: Participant
    person = PersonField(
        queryset=User.objects.none(), required=False, empty_label=gettext_lazy("nobody here")
    )

    ROWS = (
        ("person", "name", "role"),
        ("hours", "hours_outside_work", "longest_stretch_hours"),
        ("note", "source"),
    )
    BESIDE = {
        "incidents_participant_is_somebody": "name",
        "incidents_participant_hours_not_negative": "hours",
        "incidents_participant_hours_within_whole": "hours",
    }

    class Meta:
        model = Participant
        fields = [
            "person",
            "name",
            "role",
            "note",
            "hours",
            "hours_outside_work",
            "longest_stretch_hours",
            "source",
        ]
        labels = {
            "name": gettext_lazy("Or a name"),
            "hours_outside_work": gettext_lazy("Hours outside work"),
            "longest_stretch_hours": gettext_lazy("Longest stretch, in hours"),
        }

    def suggest(self) -> None:
        choosable = Q(is_active=True) | Q(pk=self.instance.person_id)
        choose(self.fields["person"], User.objects.filter(choosable).order_by("username"))


class LessonLinkForm(PartForm):
    lesson = LessonReferenceField(
        widget=SuggestedInput, help_text=gettext_lazy("Its reference, such as LES-7.")
    )

    ROWS = (("lesson", "relation"), ("note",), ("source",))
    BESIDE = {"incidents_lessonlink_once": "lesson"}

    class Meta:
        model = LessonLink
        fields = ["lesson", "relation", "note", "source"]
        labels = {"relation": gettext_lazy("It was")}

    def suggest(self) -> None:
        if self.user is not None:
            rows = Lesson.objects.visible_to(self.user).order_by("-id")[:MOST_SUGGESTIONS]
            suggest(self.fields["lesson"], [(row.reference, row.sentence) for row in rows])


class RunbookUseForm(PartForm):
    instance: RunbookUse
    ROWS = (("runbook", "served"), ("note",), ("source",))
    BESIDE = {"incidents_runbookuse_once": "runbook"}

    class Meta:
        model = RunbookUse
        fields = ["runbook", "served", "note", "source"]

    def suggest(self) -> None:
        choosable = Q(state=RunbookState.ACTIVE) | Q(pk=self.instance.runbook_id)
        choose(self.fields["runbook"], Runbook.objects.filter(choosable))


class RelatedIncidentForm(PartForm):
    other = IncidentReferenceField(
        label=gettext_lazy("Record"),
        widget=SuggestedInput,
        help_text=gettext_lazy("Its reference, such as INC-12."),
    )

    ROWS = (("relation", "other"), ("note",), ("source",))
    BESIDE = {
        "incidents_relatedincident_once": "other",
        "incidents_relatedincident_not_itself": "other",
    }

    class Meta:
        model = RelatedIncident
        fields = ["relation", "other", "note", "source"]
        labels = {"relation": gettext_lazy("This one")}

    def suggest(self) -> None:
        if self.user is not None:
            rows = Incident.objects.visible_to(self.user).order_by("-id")[:MOST_SUGGESTIONS]
            suggest(self.fields["other"], [(row.reference, row.title) for row in rows])


def suggest(field: forms.Field, suggestions: list[tuple[str, str]]) -> None:
    if isinstance(field.widget, SuggestedInput):
        # Each value once, and the labels of the last.
        field.widget.suggestions = list(dict(suggestions).items())


def choose(field: forms.Field, rows: QuerySet[Any]) -> None:
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows
