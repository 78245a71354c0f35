"""The forms of what is known across incidents."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy

from incidents.access.references import (
    IncidentReferenceField,
    LessonReferenceField,
    step_of_address,
)
from incidents.history.forms import NewRecordForm, RecordForm
from incidents.models import Factor, Knob, Lesson, User

FACTOR_FIELDS = ["name", "slug", "category", "description"]
SLUG_LABEL = {"slug": gettext_lazy("Address")}
ADDRESS_HELP = gettext_lazy("What stands in the address: small letters, digits and hyphens.")
MOST_KNOBS = 100


class FactorForm(RecordForm):
    class Meta:
        model = Factor
        fields = FACTOR_FIELDS
        labels = SLUG_LABEL
        help_texts = {"slug": ADDRESS_HELP}


class NewFactorForm(NewRecordForm):
    class Meta:
        model = Factor
        fields = FACTOR_FIELDS
        labels = SLUG_LABEL
        help_texts = {
            "slug": gettext_lazy(
                "What stands in the address: small letters, digits and hyphens. Empty: made from "
                "the name."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False


class KnobForm(RecordForm):
    """Component and key are a knob's address, and stay."""

    class Meta:
        model = Knob
        fields = ["unit", "description"]


class NewKnobForm(NewRecordForm):
    class Meta:
        model = Knob
        fields = ["component", "key", "unit", "description"]
        help_texts = {
            "component": gettext_lazy("What is configured, such as “postgresql” or “unicorn”."),
            "key": gettext_lazy("The setting's name as the component's own manual writes it."),
        }

    def clean_component(self) -> str:
        name = step_of_address(self.cleaned_data["component"])
        if "/" in name:
            raise forms.ValidationError(gettext("A component's name has no slash."))
        return name

    def clean_key(self) -> str:
        return step_of_address(self.cleaned_data["key"])


class LessonForm(RecordForm):
    """The incident is typed as `INC-4`, the knobs as `component/key`, one on a line."""

    learned_from = IncidentReferenceField(
        required=False, help_text=gettext_lazy("The incident that taught it, such as INC-4.")
    )
    knobs = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "The settings it speaks of, one on a line, such as unicorn/worker_processes."
        ),
    )

    class Meta:
        model = Lesson
        fields = ["sentence", "explanation", "learned_from", "knobs"]
        help_texts = {"sentence": gettext_lazy("One sentence to remember.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.learned_from_field.user = self.user
        if self.instance.pk:
            seen = self.visible_knobs().filter(lessons=self.instance.pk)
            self.initial["knobs"] = "\n".join(f"{knob.component}/{knob.key}" for knob in seen)

    @property
    def learned_from_field(self) -> IncidentReferenceField:
        return cast(IncidentReferenceField, self.fields["learned_from"])

    def visible_knobs(self) -> QuerySet[Knob]:
        return Knob.objects.visible_to(self.reader)

    def clean_knobs(self) -> list[Knob]:
        """The knobs named, and those of the lesson that the person may not know of: they stay."""
        lines = [line.strip() for line in self.cleaned_data["knobs"].splitlines() if line.strip()]
        if len(lines) > MOST_KNOBS:
            raise forms.ValidationError(
                gettext("%(lines)s knobs; %(MOST_KNOBS)s fit.")
                % {"lines": len(lines), "MOST_KNOBS": MOST_KNOBS}
            )
        found, missing = [], []
        for line in dict.fromkeys(lines):
            component, _, key = line.partition("/")
            knob = self.visible_knobs().filter(component=component, key=key).first()
            found.append(knob) if knob else missing.append(line)
        if missing:
            raise forms.ValidationError(
                [
                    gettext("There is no knob %(line)s: write component/key, or add it.")
                    % {"line": line}
                    for line in missing
                ]
            )
        if self.instance.pk:
            hidden = cast(Lesson, self.instance).knobs.all()
            found += hidden.exclude(pk__in=self.visible_knobs().values("pk"))
        return found


class NewLessonForm(NewRecordForm, LessonForm):
    class Meta(LessonForm.Meta):
        pass


class SupersedeForm(forms.Form):
    """Which lesson takes the place of this one."""

    replacement = LessonReferenceField(
        label=gettext_lazy("Replaced by"),
        help_text=gettext_lazy("A lesson's number, such as LES-9."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(LessonReferenceField, self.fields["replacement"]).user = user
