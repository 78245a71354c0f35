"""Who may know what a record did to a lesson."""

import pytest

from incidents.models import LessonLink
from tests.factories import a_lesson, a_restricted_incident, a_user, an_incident

pytestmark = pytest.mark.django_db


def test_a_link_to_a_lesson_of_a_restricted_record_is_for_those_named_there() -> None:
    named, stranger = a_user(), a_user()
    lesson = a_lesson(learned_from=a_restricted_incident(named))
    link = LessonLink.objects.create(incident=an_incident(), lesson=lesson, relation="violated")

    assert list(LessonLink.objects.visible_to(named)) == [link]
    assert not LessonLink.objects.visible_to(stranger).exists()
