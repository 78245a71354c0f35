from typing import Any

import django_filters
import pytest
from django.core.paginator import Paginator
from django.template import Context
from django.test import RequestFactory

from incidents.models import Tag
from incidents.templatetags.lists import active_facets, page_numbers, sorted_by

STATES = [("draft", "Draft"), ("in_review", "In review")]


class ExampleFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter is untyped
    q = django_filters.CharFilter(label="Text", method="skip")
    state = django_filters.MultipleChoiceFilter(label="State", choices=STATES, method="skip")
    tag = django_filters.ModelMultipleChoiceFilter(
        label="Tag", queryset=Tag.objects.all(), method="skip"
    )
    rank = django_filters.NumberFilter(label="Rank", method="skip")
    began = django_filters.DateFromToRangeFilter(label="Began", method="skip")

    def skip(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset


def facets(query: str) -> list[tuple[str, str, str]]:
    request = RequestFactory().get(f"/incidents/?{query}")
    filter_set = ExampleFilter(request.GET, queryset=Tag.objects.none())
    found = active_facets(Context({"request": request}), filter_set)
    return [(facet.label, facet.value, facet.url_without) for facet in found]


@pytest.mark.django_db
class TestActiveFacets:
    def test_it_works(self) -> None:
        assert facets("q=pool&state=draft") == [
            ("Text", "pool", "/incidents/?state=draft"),
            ("State", "Draft", "/incidents/?q=pool"),
        ]

    def test_each_of_several_values_goes_by_itself(self) -> None:
        assert facets("state=draft&state=in_review") == [
            ("State", "Draft", "/incidents/?state=in_review"),
            ("State", "In review", "/incidents/?state=draft"),
        ]

    def test_a_row_of_the_database_is_named(self) -> None:
        tag = Tag.objects.create(name="network")
        assert facets(f"tag={tag.pk}") == [("Tag", str(tag), "/incidents/")]

    def test_both_ends_of_a_range_count(self) -> None:
        assert facets("began_after=2026-01-01&began_before=2026-02-01") == [
            ("Began", "2026-01-01", "/incidents/?began_before=2026-02-01"),
            ("Began", "2026-02-01", "/incidents/?began_after=2026-01-01"),
        ]

    def test_sorting_stays_and_the_page_goes(self) -> None:
        assert facets("q=a&sort=-title&page=3") == [("Text", "a", "/incidents/?sort=-title")]

    def test_what_is_typed_stays_encoded(self) -> None:
        assert facets("q=a%26b&state=draft")[1] == ("State", "Draft", "/incidents/?q=a%26b")

    @pytest.mark.parametrize("query", ["", "q=", "other=1", "rank=many"])
    def test_nothing_in_force(self, query: str) -> None:
        assert facets(query) == []


@pytest.mark.parametrize(
    ("query", "order"),
    [("sort=title", "ascending"), ("sort=-title", "descending"), ("sort=state", ""), ("", "")],
)
def test_sorted_by(query: str, order: str) -> None:
    request = RequestFactory().get(f"/?{query}")
    assert sorted_by(Context({"request": request}), "title") == order


def test_page_numbers_leave_gaps_out() -> None:
    page = Paginator(range(500), 10).page(20)
    assert page_numbers(page) == [1, "…", 19, 20, 21, "…", 50]
