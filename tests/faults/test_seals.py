"""Many write into one history at once: each line has a number of its own, and its seal."""

import pytest

from incidents.history.checking import check
from incidents.history.sealing import seal_what_has_none
from incidents.models import Change, TimelineEvent
from tests.faults.threads import at_once
from tests.history.records import a_recorded_event, a_recorded_incident, changed

pytestmark = pytest.mark.django_db(transaction=True)

THREADS, EACH = 4, 25


def edit_one(pk: int) -> None:
    for number in range(EACH):
        changed(TimelineEvent.objects.get(pk=pk), text=f"Edit {number}")


def test_parts_of_one_record_are_numbered_without_gaps() -> None:
    incident = a_recorded_incident()
    events = [a_recorded_event(incident).pk for _ in range(THREADS)]

    at_once(edit_one, events, threads=THREADS)

    lines = Change.objects.filter(document_type="incident", document_id=incident.pk)
    numbers = list(lines.order_by("id").values_list("number", flat=True))
    assert numbers == list(range(1, 2 + THREADS + THREADS * EACH))
    assert list(check()) == []


def test_also_where_there_were_no_seals_before() -> None:
    incident = a_recorded_incident()
    events = [a_recorded_event(incident).pk for _ in range(THREADS)]
    Change.objects.update(number=None, seal=None, last_seal=None)

    at_once(edit_one, events, threads=THREADS)

    sealed = Change.objects.exclude(seal=None).order_by("id")
    first = 2 + THREADS
    assert list(sealed.values_list("number", flat=True)) == list(
        range(first, first + THREADS * EACH)
    )
    seal_what_has_none()
    assert list(check()) == []
