"""After a service was renamed."""

import pytest

from incidents.directory.tasks import find_by_new_name
from incidents.jobs.work import CannotBeDone, Work
from incidents.models import Job, SearchEntry
from tests.factories import NOW, a_runbook, a_service

pytestmark = pytest.mark.django_db


def a_work() -> Work:
    return Work(Job(kind="directory.find_by_new_name"), NOW)


def test_it_works() -> None:
    service = a_service(name="Purchases")
    for _ in range(3):
        a_runbook().services.add(service)

    outcome = find_by_new_name(a_work(), service=service.pk)

    assert outcome == "Found by the service's new name: 3"
    entries = SearchEntry.objects.filter(kind="runbook")
    assert [("Purchases" in entry.names) for entry in entries] == [True] * 3


def test_twice_is_as_good_as_once() -> None:
    service = a_service(name="Purchases")
    a_runbook().services.add(service)
    find_by_new_name(a_work(), service=service.pk)
    before = SearchEntry.objects.values("names", "title", "body").get(kind="runbook")
    find_by_new_name(a_work(), service=service.pk)

    assert SearchEntry.objects.values("names", "title", "body").get(kind="runbook") == before


def test_a_service_that_is_gone_cannot_be_found_by() -> None:
    with pytest.raises(CannotBeDone):
        find_by_new_name(a_work(), service=99)
