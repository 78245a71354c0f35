from io import StringIO

import pytest
from django.core.management import call_command

from tests.factories import a_lesson, a_runbook, an_incident

pytestmark = pytest.mark.django_db


def rebuilt() -> str:
    said = StringIO()
    call_command("rebuild_lookup", stdout=said)
    return said.getvalue()


def test_it_works() -> None:
    a_lesson()
    a_runbook()
    an_incident(state="withdrawn", withdrawn_reason="A test")
    assert rebuilt() == "2 records can be found.\n"


def test_a_site_without_records_has_nothing_to_find() -> None:
    assert rebuilt() == "0 records can be found.\n"
