"""What the list of runs is narrowed down by."""

from typing import Any

import django_filters as filters
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy, pgettext_lazy

from incidents.access.references import LessonReferenceField
from incidents.lib.periods import Period
from incidents.lib.zones import zone_named
from incidents.models import CheckDoor, CheckFinding, CheckRun, FoundByCheck, Lesson, User
from incidents.records.filters import ByPeriod

NOTHING, UNREADABLE = "nothing", "unreadable"
SPEAK_AGAINST = (FoundByCheck.VIOLATED, FoundByCheck.REPEATS)
FOUND = [
    (FoundByCheck.VIOLATED.value, FoundByCheck.VIOLATED.label),
    (FoundByCheck.REPEATS.value, FoundByCheck.REPEATS.label),
    (NOTHING, pgettext_lazy("found by a check", "nothing")),
    (UNREADABLE, gettext_lazy("a file that could not be read")),
]


class ByLesson(filters.Filter):  # type: ignore[misc]  # django-filter ships no types
    field_class = LessonReferenceField


class CheckRunFilter(filters.FilterSet):  # type: ignore[misc]  # as above
    """Of what was found, that counts of which this person may know."""

    q = filters.CharFilter(label=gettext_lazy("Name or revision"), method="by_name", max_length=200)
    found = filters.ChoiceFilter(
        label=gettext_lazy("Found"),
        choices=FOUND,
        empty_label=pgettext_lazy("what was found", "any"),
        method="which_found",
    )
    lesson = ByLesson(label=gettext_lazy("Violates the guard of"), method="violating")
    door = filters.ChoiceFilter(
        label=gettext_lazy("Checked"), choices=CheckDoor, empty_label=gettext_lazy("anywhere")
    )
    period = ByPeriod(label=gettext_lazy("In the period"), method="in_period")

    class Meta:
        model = CheckRun
        fields: list[str] = []

    def __init__(self, data: Any, *, user: User, queryset: QuerySet[CheckRun]) -> None:
        super().__init__(data, queryset=queryset)
        self.user = user
        self.form.fields["lesson"].user = user

    def by_name(self, rows: QuerySet[CheckRun], _: str, text: str) -> QuerySet[CheckRun]:
        for word in text.split():
            rows = rows.filter(Q(name__icontains=word) | Q(revision__icontains=word))
        return rows

    def which_found(self, rows: QuerySet[CheckRun], _: str, what: str) -> QuerySet[CheckRun]:
        if what == UNREADABLE:
            return rows.filter(unreadable_count__gt=0)
        found = self.findings()
        if what == NOTHING:
            return rows.filter(~Exists(found.filter(kind__in=SPEAK_AGAINST)))
        return rows.filter(Exists(found.filter(kind=what)))

    def violating(self, rows: QuerySet[CheckRun], _: str, lesson: Lesson) -> QuerySet[CheckRun]:
        found = self.findings().filter(lesson=lesson, kind=FoundByCheck.VIOLATED)
        return rows.filter(Exists(found))

    def in_period(self, rows: QuerySet[CheckRun], _: str, period: Period) -> QuerySet[CheckRun]:
        begins, ends = period.moments(zone_named(settings.TIME_ZONE))
        return rows.filter(checked_at__gte=begins, checked_at__lt=ends)

    def findings(self) -> QuerySet[CheckFinding]:
        return CheckFinding.objects.visible_to(self.user).filter(run=OuterRef("pk"))
