"""What the lists are narrowed down by."""

from typing import Any

from django.db.models import Q, QuerySet
from django_filters import CharFilter, ChoiceFilter, FilterSet

from incidents.knowledge.queries import components_for
from incidents.models import Factor, FactorCategory, Knob, Lesson, LessonState, User


class FactorFilter(FilterSet):  # type: ignore[misc]  # django-filter ships no types
    q = CharFilter(method="by_text", label="Text")
    category = ChoiceFilter(choices=FactorCategory.choices, empty_label="any")

    def by_text(self, rows: QuerySet[Factor], _: str, text: str) -> QuerySet[Factor]:
        return rows.filter(Q(name__icontains=text) | Q(description__icontains=text))


class KnobFilter(FilterSet):  # type: ignore[misc]  # as above
    q = CharFilter(method="by_text", label="Text")
    component = ChoiceFilter(empty_label="any")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["component"].extra["choices"] = [(name, name) for name in components_for(user)]

    def by_text(self, rows: QuerySet[Knob], _: str, text: str) -> QuerySet[Knob]:
        """Every word stands somewhere in it: `unicorn timeout` finds the key of that component."""
        for word in text.split():
            rows = rows.filter(
                Q(component__icontains=word)
                | Q(key__icontains=word)
                | Q(description__icontains=word)
            )
        return rows


class LessonFilter(FilterSet):  # type: ignore[misc]  # as above
    q = CharFilter(method="by_text", label="Text")
    state = ChoiceFilter(choices=LessonState.choices, empty_label="any")
    knob = CharFilter(method="by_knob", label="Knob")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def by_text(self, rows: QuerySet[Lesson], _: str, text: str) -> QuerySet[Lesson]:
        return rows.filter(Q(sentence__icontains=text) | Q(explanation__icontains=text))

    def by_knob(self, rows: QuerySet[Lesson], _: str, text: str) -> QuerySet[Lesson]:
        knobs = Knob.objects.visible_to(self.user)
        for word in text.replace("/", " ").split():
            knobs = knobs.filter(Q(component__icontains=word) | Q(key__icontains=word))
        return rows.filter(pk__in=knobs.values("lessons"))
