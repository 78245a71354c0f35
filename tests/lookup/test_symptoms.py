"""The six stories are found by what a stranger would say who sees the same begin again."""

import pytest

from incidents.importers.demo.operations import load_stories
from incidents.lookup.queries import search
from incidents.models import FoundKind
from tests.factories import NOW, a_user
from tests.lookup.symptoms import SYMPTOMS

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    load_stories(by=None, at=NOW)
    reader = a_user("reader")
    for said, title, runbook in SYMPTOMS:
        found = search(said, user=reader, limit=2)
        hits = {group.kind: [hit.row for hit in group.hits] for group in found.groups}
        assert any(title in str(row) for row in hits[FoundKind.INCIDENT]), said
        assert runbook in hits[FoundKind.RUNBOOK][0].get_absolute_url(), said
