"""What the lists are narrowed down by."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy
from django_filters import CharFilter, ChoiceFilter, FilterSet

from incidents.knowledge.queries import components_for
from incidents.models import Factor, FactorCategory, Knob, Lesson, LessonState, User


class FactorFilter(FilterSet):  # type: ignore[misc]  # django-filter ships no types
    q = CharFilter(method="by_text", label=gettext_lazy("Text"))
    category = ChoiceFilter(
        label=gettext_lazy("Category"),
        choices=FactorCategory.choices,
        empty_label=gettext_lazy("any"),
    )

    def by_text(self, rows: QuerySet[Factor], _: str, text: str) -> QuerySet[Factor]:
        return rows.filter(Q(name__icontains=text) | Q(description__icontains=text))


class KnobFilter(FilterSet):  # type: ignore[misc]  # as above
    q = CharFilter(method="by_text", label=gettext_lazy("Text"))
    component = ChoiceFilter(label=gettext_lazy("Component"), empty_label=gettext_lazy("any"))

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
    q = CharFilter(method="by_text", label=gettext_lazy("Text"))
    state = ChoiceFilter(
        label=gettext_lazy("State"), choices=LessonState.choices, empty_label=gettext_lazy("any")
    )
    knob = CharFilter(method="by_knob", label=gettext_lazy("Knob"))

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
