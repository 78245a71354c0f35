"""Typing a reference into a form."""

import pytest
from django.core.exceptions import ValidationError

from incidents.access.references import IncidentReferenceField, LessonReferenceField
from incidents.models import User
from tests.factories import a_lesson, a_restricted_incident, a_user, an_incident

pytestmark = pytest.mark.django_db


def field_of(user: User) -> IncidentReferenceField:
    field = IncidentReferenceField(required=False)
    field.user = user
    return field


@pytest.mark.parametrize("written", ["INC-{}", "inc-{}", "INC {}", " {} "])
def test_it_works(written: str) -> None:
    incident = an_incident()

    field = field_of(a_user("reader"))

    assert field.clean(written.format(incident.pk)) == incident
    assert field.prepare_value(incident.pk) == field.prepare_value(incident) == incident.reference
    assert field.clean("") is None


def test_lessons_have_their_own() -> None:
    lesson = a_lesson()
    field = LessonReferenceField()
    field.user = a_user()

    assert field.clean(lesson.reference) == lesson


@pytest.mark.parametrize("written", ["LES-1", "INC-0", "INC--1", "one", "INC-1; drop"])
def test_what_is_no_reference_is_refused(written: str) -> None:
    with pytest.raises(ValidationError, match="like INC-42"):
        field_of(a_user()).clean(written)


def test_a_restricted_record_is_as_good_as_none() -> None:
    named, stranger = a_user(), a_user("admin")
    incident = a_restricted_incident(named)

    assert field_of(named).clean(incident.reference) == incident
    with pytest.raises(ValidationError) as hidden:
        field_of(stranger).clean(incident.reference)
    with pytest.raises(ValidationError) as missing:
        field_of(stranger).clean(f"INC-{incident.pk + 1}")

    assert hidden.value.message == missing.value.message.replace(
        str(incident.pk + 1), str(incident.pk)
    )
    with pytest.raises(ValidationError):
        IncidentReferenceField().clean(incident.reference)
