"""What the search over the archive promises; run on each database."""

import pytest
from django.db.models import QuerySet

from incidents.lookup.engines import Ranked, archive
from incidents.lookup.engines.writes import write_number
from incidents.lookup.terms import asked
from incidents.models import FoundKind, SearchEntry
from tests.lookup.hostile import HOSTILE

pytestmark = pytest.mark.django_db

KINDS = (FoundKind.INCIDENT, FoundKind.LESSON)


def an_entry(head: str, body: str = "", *, kind: str = "incident") -> SearchEntry:
    """An entry that stands for its record, too."""
    entry = SearchEntry.objects.create(
        kind=kind, record_id=0, title=head[:300], body=body, written=write_number()
    )
    SearchEntry.objects.filter(pk=entry.pk).update(record_id=entry.pk)
    return entry


def among(records: QuerySet[SearchEntry]) -> archive.Among:
    return {kind: records.filter(kind=kind) for kind in KINDS}


def found(text: str, *, limit: int = 10) -> list[Ranked]:
    return archive.ranked(asked(text), among=among(SearchEntry.objects.all()), limit=limit)


def titles(text: str) -> list[str]:
    entries = SearchEntry.objects.in_bulk()
    return [entries[one.entry_id].title for one in found(text)]


def test_it_works() -> None:
    an_entry("Disk full", "Free some space.")
    an_entry("Pods crash", "Look at the logs of the pod.")
    an_entry("Queue grows", "Nobody saw it.")
    assert titles("why do my pods crash?") == ["Pods crash"]


def test_an_empty_archive_finds_nothing() -> None:
    assert found("pods") == []


def test_a_question_of_noise_alone_finds_what_has_it() -> None:
    an_entry("Where was it then", "Nothing else.")
    assert titles("was it") == ["Where was it then"]
    assert found("??? !!!") == []


def test_neighbours_count_as_a_phrase() -> None:
    an_entry("A", "the pool of a connection is not the budget")
    an_entry("B", "the connection pool is not for the budget")
    for number in range(5):
        an_entry(f"C{number}", "nothing")
    assert titles("connection pool") == ["B", "A"]


def test_the_best_of_each_kind_and_how_many_there_are() -> None:
    for kind in ("incident", "incident", "incident", "lesson", "knob"):
        an_entry("Pods crash", kind=kind)
    hits = found("pods", limit=2)
    assert sorted((hit.kind, hit.found) for hit in hits) == [
        ("incident", 3),
        ("incident", 3),
        ("lesson", 1),
    ]


def test_of_very_many_it_is_only_known_that_there_are_more() -> None:
    for _ in range(archive.COUNTED + 1):
        an_entry("Pods crash")
    assert {hit.found for hit in found("pods")} == {archive.COUNTED}


def test_runbooks_are_not_of_the_archive() -> None:
    an_entry("Pods crash", kind="runbook")
    assert found("pods") == []


def test_only_what_it_is_to_look_among_is_counted_or_takes_a_place() -> None:
    hidden, seen = an_entry("Pods crash crash"), an_entry("Pods")
    others = SearchEntry.objects.exclude(pk=hidden.pk)
    (hit,) = archive.ranked(asked("pods crash"), among=among(others), limit=1)
    assert (hit.entry_id, hit.found) == (seen.pk, 1)


def test_nothing_is_found_among_nothing() -> None:
    an_entry("Pods crash")
    nothing = among(SearchEntry.objects.none())
    assert archive.ranked(asked("pods"), among=nothing, limit=9) == []


def test_any_text_is_a_valid_question_and_a_valid_record() -> None:
    an_entry("Pods crash", "Look at the logs.")
    for text in HOSTILE:
        found(text)
    for text in HOSTILE:
        # PostgreSQL keeps no NUL, and no operation gives it one.
        an_entry("Hostile", text.replace("\x00", ""))
    assert titles("pods crash logs")[0] == "Pods crash"


def test_a_paste_of_a_megabyte_is_answered_like_a_line() -> None:
    an_entry("Pods crash", "Look at the logs.")
    assert titles("pods crash " + "KubePod10s.crash_loop! " * 45_000) == ["Pods crash"]
