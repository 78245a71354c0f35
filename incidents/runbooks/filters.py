"""What the list of runbooks can be narrowed by."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from incidents.models import STALE_AFTER, Runbook, RunbookState, Service, Team

VERIFIED = [
    ("year", "within a year"),
    ("stale", "more than a year ago"),
    ("never", "never"),
]


class RunbookFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    q = django_filters.CharFilter(label="Text", method="with_text", max_length=200)
    service = django_filters.ModelChoiceFilter(
        field_name="services", label="Service", queryset=Service.objects.all(), to_field_name="slug"
    )
    team = django_filters.ModelChoiceFilter(queryset=Team.objects.all(), to_field_name="slug")
    state = django_filters.ChoiceFilter(choices=RunbookState)
    verified = django_filters.ChoiceFilter(
        label="Verified", choices=VERIFIED, method="with_verification"
    )

    class Meta:
        model = Runbook
        fields: list[str] = []

    def with_text(self, rows: QuerySet[Runbook], _: str, text: str) -> QuerySet[Runbook]:
        for word in text.split():
            rows = rows.filter(
                Q(title__icontains=word)
                | Q(summary__icontains=word)
                | Q(body__icontains=word)
                | Q(alerts__icontains=word)
            )
        return rows

    def with_verification(self, rows: QuerySet[Runbook], _: str, age: str) -> QuerySet[Runbook]:
        if age == "never":
            return rows.filter(last_verified_date__isnull=True)
        limit = timezone.now().date() - STALE_AFTER
        if age == "stale":
            return rows.filter(last_verified_date__lt=limit)
        return rows.filter(last_verified_date__gte=limit)
