"""What the list of runbooks can be narrowed by."""

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from incidents.models import Runbook, RunbookState, Service, Team, User, Verdict

SOON = timedelta(days=30)
VERIFICATION = [
    ("due", gettext_lazy("due now")),
    ("soon", gettext_lazy("due within 30 days")),
    ("later", gettext_lazy("due later")),
    ("never", gettext_lazy("never verified")),
    ("turned", gettext_lazy("a knob was turned since")),
]


class RunbookFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    q = django_filters.CharFilter(label=gettext_lazy("Text"), method="with_text", max_length=200)
    service = django_filters.ModelChoiceFilter(
        field_name="services",
        label=gettext_lazy("Service"),
        queryset=Service.objects.all(),
        to_field_name="slug",
    )
    team = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Team"), queryset=Team.objects.all(), to_field_name="slug"
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=RunbookState)
    verified = django_filters.ChoiceFilter(
        label=gettext_lazy("Verification"), choices=VERIFICATION, method="with_verification"
    )

    said = django_filters.ChoiceFilter(
        label=gettext_lazy("What people said"),
        choices=[("fault", gettext_lazy("something to put right"))],
        method="with_said",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

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

    def with_said(self, rows: QuerySet[Runbook], _: str, __: str) -> QuerySet[Runbook]:
        return rows.filter(pk__in=Verdict.objects.open_faults().values("runbook"))

    def with_verification(self, rows: QuerySet[Runbook], _: str, wanted: str) -> QuerySet[Runbook]:
        if wanted == "never":
            return rows.filter(last_verified_date__isnull=True)
        if wanted == "turned":
            return rows.filter(pk__in=Runbook.objects.unverified(self.user).values("pk"))
        today = timezone.now().date()
        due = Runbook.objects.verification_due(today).values("pk")
        if wanted == "due":
            return rows.filter(pk__in=due)
        soon = Runbook.objects.verification_due(today + SOON).values("pk")
        if wanted == "soon":
            return rows.filter(pk__in=soon).exclude(pk__in=due)
        return rows.filter(state=RunbookState.ACTIVE).exclude(pk__in=soon)
