"""The six stories are found by what a stranger would say who sees the same begin again."""

import pytest

from incidents.importers.demo.operations import load_stories
from incidents.lookup.queries import search
from incidents.models import FoundKind
from tests.factories import NOW, a_user

pytestmark = pytest.mark.django_db

# What is said, a word of the story's title, the runbook's address.
SYMPTOMS = [
    ("requests disappear after half a minute", "CloudFactory", "requests-killed"),
    ("unicorn workers killed timeout", "CloudFactory", "requests-killed"),
    ("half of the jobs did not run overnight", "Janitorial", "batch-finished-short"),
    ("some schedules were never sent", "Janitorial", "batch-finished-short"),
    ("orders time out but test orders work", "Dutchie", "one-endpoint-slow"),
    ("integer overflow of an id column", "Dutchie", "identifier-space"),
    ("everybody works nights and weekends before the launch", "silence", "after-a-launch"),
    ("background jobs stuck behind image processing", "thumbnails", "worker-out-of-memory"),
    ("queue lost when a worker died", "thumbnails", "worker-out-of-memory"),
    ("too many connections", "Podiant", "connections"),
]


def test_it_works() -> None:
    load_stories(by=None, at=NOW)
    reader = a_user("reader")
    for said, title, runbook in SYMPTOMS:
        found = search(said, user=reader, limit=2)
        hits = {group.kind: [hit.row for hit in group.hits] for group in found.groups}
        assert any(title in str(row) for row in hits[FoundKind.INCIDENT]), said
        assert runbook in hits[FoundKind.RUNBOOK][0].get_absolute_url(), said
