"""Many rows go, a few at a time."""

import pytest

from incidents.lib.removing import remove_in_steps
from incidents.models import Tag

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    for name in "abcde":
        Tag.objects.create(name=name)
    kept = Tag.objects.create(name="kept")

    steps = remove_in_steps(Tag.objects.exclude(pk=kept.pk).order_by("name"), at_a_time=2)

    assert next(steps) == 2
    assert [tag.name for tag in Tag.objects.all()] == ["c", "d", "e", "kept"]
    assert list(steps) == [2, 1]
    assert list(Tag.objects.all()) == [kept]


def test_nothing_takes_no_step() -> None:
    assert list(remove_in_steps(Tag.objects.all(), at_a_time=2)) == []
