"""What the components show in the style guide: a sample of each thing that pages show."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import django_filters
from django import forms
from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from incidents.lib.word_diff import compare_words
from incidents.models import Service
from incidents.records.fields import SuggestedInput

BEFORE = "The pool had 40 connections, and the workers were 60 after the release."
AFTER = "The pool had 40 connections; there were 60 workers after the release of 14:00."
KINDS = [
    ("own", gettext_lazy("own")),
    ("near_miss", gettext_lazy("near miss")),
    ("external", gettext_lazy("external")),
]
MANY = [(str(number), f"service-{number}") for number in range(1, 9)]


class SampleForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Title"), help_text=gettext_lazy("One line, as you would say it aloud.")
    )
    began = forms.CharField(
        label=gettext_lazy("Began"),
        required=False,
        help_text=gettext_lazy("As far as it is known."),
        widget=SuggestedInput,
    )
    summary = forms.CharField(
        label=gettext_lazy("Summary"), widget=forms.Textarea({"rows": 3}), required=False
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"), choices=[("", gettext_lazy("unknown")), ("sev1", "SEV 1")]
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=KINDS, widget=forms.RadioSelect)
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Services"),
        choices=MANY,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    restricted = forms.BooleanField(label=gettext_lazy("Restricted"), required=False)


class SampleFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    text = django_filters.CharFilter(label=gettext_lazy("Text"), method="everything")
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[("draft", gettext_lazy("draft")), ("published", gettext_lazy("published"))],
        method="everything",
    )

    class Meta:
        model = Service
        fields: tuple[str, ...] = ()

    def everything(self, rows: Any, _name: str, _value: Any) -> Any:
        return rows


@dataclass(frozen=True)
class BothTexts:
    """A field that two people changed."""

    name: str
    label: str
    pieces: list[Any]


@dataclass(frozen=True)
class Asked:
    """A form as a page has it after a conflict."""

    conflicts: list[BothTexts]


def samples(theme: str, sent: QueryDict) -> dict[str, Any]:
    """The names that are used in an address begin with the theme: the page has each twice."""
    refused = SampleForm({"restricted": "on"}, auto_id=f"{theme}-refused-%s")
    refused.is_valid()
    pieces = compare_words(BEFORE, AFTER)
    return {
        "theme": theme,
        "form": SampleForm(auto_id=f"{theme}-%s", initial={"kind": "own"}),
        "refused": refused,
        "filter": SampleFilter(sent, queryset=Service.objects.none(), prefix=theme),
        "page": page_of_many(),
        "at": datetime(2026, 3, 14, 22, 30, tzinfo=UTC),
        "pieces": pieces,
        "conflict": Asked([BothTexts("summary", gettext("Summary"), pieces)]),
        "severities": [(f"sev{rank}", f"SEV {rank}") for rank in range(1, 6)],
        "states": [
            ("draft", gettext_lazy("draft")),
            ("in_review", gettext_lazy("in review")),
            ("published", gettext_lazy("published")),
            ("withdrawn", gettext_lazy("withdrawn")),
        ],
        "tones": ["plain", "info", "success", "warning", "danger", "review", "accent"],
        "levels": ["success", "info", "warning", "error"],
        "kinds": ["symptom", "detection", "diagnosis", "decision", "action", "change", "recovery"],
        "parts": ["contributed", "tried", "mitigated", "fixed", "reverted"],
        "phases": [("hidden", 0, 240), ("known", 240, 120), ("held", 360, 180), ("over", 540, 180)],
    }


def page_of_many() -> Page[int]:
    return Paginator(range(1, 241), 25).page(4)
