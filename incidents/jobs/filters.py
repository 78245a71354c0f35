"""What the list of jobs can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy

from incidents.jobs.kinds import KINDS
from incidents.models import Job, JobState, Queue


def kinds() -> list[tuple[str, str]]:
    """Those that there are, and those of another version that failed here."""
    failed = Job.objects.filter(state=JobState.FAILED).order_by().values_list("kind", flat=True)
    return [(name, name) for name in sorted({*KINDS, *failed.distinct()})]


class JobFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=JobState)
    queue = django_filters.ChoiceFilter(label=gettext_lazy("Queue"), choices=Queue)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=kinds)

    class Meta:
        model = Job
        fields: list[str] = []
