"""How the list of incidents is narrowed down. The same filters will serve the API."""

from typing import Any

import django_filters as filters
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from incidents.access.gates import person
from incidents.lib.periods import NotAPeriod, Period, read_period
from incidents.lib.zones import zone_named
from incidents.models import (
    Detection,
    Factor,
    FoundKind,
    Incident,
    Kind,
    Knob,
    SearchEntry,
    Service,
    Severity,
    State,
    Tag,
    Team,
    Visibility,
)

DATE = forms.DateInput(attrs={"type": "date"})


def factors(request: HttpRequest) -> QuerySet[Factor]:
    return Factor.objects.visible_to(person(request))


def knobs(request: HttpRequest) -> QuerySet[Knob]:
    return Knob.objects.visible_to(person(request))


def tags(request: HttpRequest) -> QuerySet[Tag]:
    return Tag.objects.on_visible_records(person(request))


class PeriodField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 40, **kwargs})
        self.widget.attrs.setdefault("placeholder", "2026Q3")

    def clean(self, value: Any) -> Period | None:
        text = super().clean(value)
        try:
            return read_period(text) if text else None
        except NotAPeriod as refusal:
            raise ValidationError(str(refusal)) from refusal


class ByPeriod(filters.Filter):  # type: ignore[misc]  # django-filter ships no types
    field_class = PeriodField


class IncidentFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    """Facets name only what stands in records that this person may know of."""

    q = filters.CharFilter(label=gettext_lazy("Text"), method="with_words")
    state = filters.MultipleChoiceFilter(
        label=gettext_lazy("State"), choices=State.choices, widget=forms.CheckboxSelectMultiple
    )
    severity = filters.MultipleChoiceFilter(
        label=gettext_lazy("Severity"),
        choices=Severity.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    kind = filters.MultipleChoiceFilter(
        label=gettext_lazy("Kind"), choices=Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    detection = filters.ChoiceFilter(label=gettext_lazy("Detected by"), choices=Detection.choices)
    service = filters.ModelChoiceFilter(
        label=gettext_lazy("Service"),
        field_name="services",
        queryset=Service.objects.all(),
        to_field_name="slug",
    )
    team = filters.ModelChoiceFilter(
        label=gettext_lazy("Team"),
        field_name="teams",
        queryset=Team.objects.all(),
        to_field_name="slug",
    )
    factor = filters.ModelChoiceFilter(
        label=gettext_lazy("Contributing factor"),
        field_name="contributingfactors__factor",
        queryset=factors,
        to_field_name="slug",
    )
    knob = filters.ModelChoiceFilter(
        label=gettext_lazy("Knob"), field_name="configdeltas__knob", queryset=knobs, distinct=True
    )
    tag = filters.ModelChoiceFilter(
        label=gettext_lazy("Tag"), field_name="tags", queryset=tags, to_field_name="name"
    )
    began_from = filters.DateFilter(
        label=gettext_lazy("Began on or after"),
        field_name="began_at",
        lookup_expr="date__gte",
        widget=DATE,
    )
    began_until = filters.DateFilter(
        label=gettext_lazy("Began on or before"),
        field_name="began_at",
        lookup_expr="date__lte",
        widget=DATE,
    )
    period = ByPeriod(label=gettext_lazy("Happened in"), method="in_period")
    restricted = filters.BooleanFilter(
        label=gettext_lazy("Only restricted"), method="only_restricted", widget=forms.CheckboxInput
    )
    mine = filters.BooleanFilter(
        label=gettext_lazy("Only mine"), method="only_mine", widget=forms.CheckboxInput
    )

    class Meta:
        model = Incident
        fields: list[str] = []

    def with_words(self, rows: QuerySet[Incident], _: str, value: str) -> QuerySet[Incident]:
        """Every word stands somewhere in the record, its parts included."""
        entries = SearchEntry.objects.filter(kind=FoundKind.INCIDENT)
        for word in value.split()[:20]:
            entries = entries.filter(
                Q(title__icontains=word) | Q(names__icontains=word) | Q(body__icontains=word)
            )
        return rows.filter(pk__in=entries.values("record_id"))

    def in_period(self, rows: QuerySet[Incident], _: str, period: Period) -> QuerySet[Incident]:
        """Those that a review of the period counts, by the same rule."""
        found = Incident.objects.visible_to(person(self.request))
        keys = found.happened_in(period, zone_named(settings.TIME_ZONE)).values("pk")
        return rows.filter(pk__in=keys)

    def only_restricted(
        self, rows: QuerySet[Incident], _: str, value: object
    ) -> QuerySet[Incident]:
        return rows.filter(visibility=Visibility.RESTRICTED) if value else rows

    def only_mine(self, rows: QuerySet[Incident], _: str, value: object) -> QuerySet[Incident]:
        return rows.filter(owner=person(self.request)) if value else rows
