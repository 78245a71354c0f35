"""What the list of jobs can be narrowed by."""

import django_filters

from incidents.jobs.kinds import KINDS
from incidents.models import Job, JobState, Queue


def kinds() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(KINDS)]


class JobFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    state = django_filters.ChoiceFilter(choices=JobState)
    queue = django_filters.ChoiceFilter(choices=Queue)
    kind = django_filters.ChoiceFilter(choices=kinds)

    class Meta:
        model = Job
        fields: list[str] = []
