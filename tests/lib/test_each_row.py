"""It asks the same as `Exists`."""

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, Q

from incidents.lib.each_row import ExistsForEach
from incidents.models import ConfigDelta, Knob
from tests.factories import a_delta, a_knob, an_incident

pytestmark = pytest.mark.django_db


def test_it_finds_what_exists_finds() -> None:
    turned, never = a_delta(an_incident()).knob, a_knob()
    deltas = ConfigDelta.objects.filter(knob=OuterRef("pk"))
    for wanted in (Exists, ExistsForEach):
        assert list(Knob.objects.filter(wanted(deltas))) == [turned]
        assert list(Knob.objects.filter(~wanted(deltas))) == [never]
        assert set(Knob.objects.filter(Q(key=never.key) | wanted(deltas))) == {turned, never}


def test_postgresql_does_not_read_the_whole_table_for_it() -> None:
    deltas = ConfigDelta.objects.filter(knob=OuterRef("pk"))
    plans = [
        Knob.objects.filter(Q(key="") | Q(wanted(deltas))).explain()
        for wanted in (Exists, ExistsForEach)
    ]
    would = connection.vendor == "postgresql"
    assert ["hashed SubPlan" in plan for plan in plans] == [would, False]
