"""What every engine of a database promises; run on each."""

import pytest
from django.db import connection

from incidents.lookup.engines import ENGINES, Index, Ranked, Rows, engine
from incidents.lookup.terms import asked, indexed
from incidents.models import SearchEntry
from tests.lookup.hostile import HOSTILE

pytestmark = pytest.mark.django_db


def an_entry(head: str, body: str = "") -> SearchEntry:
    number = SearchEntry.objects.count() + 1
    entry = SearchEntry.objects.create(kind="runbook", record_id=number, title=head[:300])
    engine().write(Index.RUNBOOKS, [Rows(entry.pk, indexed(head), indexed(body))])
    return entry


def found(text: str, *, limit: int = 10) -> list[Ranked]:
    among = SearchEntry.objects.all()
    return engine().ranked(Index.RUNBOOKS, asked(text), among=among, limit=limit)


def titles(text: str, *, limit: int = 10) -> list[str]:
    entries = SearchEntry.objects.in_bulk()
    return [entries[one.entry_id].title for one in found(text, limit=limit)]


def test_it_works() -> None:
    an_entry("Disk full", "Free some space.")
    an_entry("Pods crash", "Look at the logs of the pod.")
    assert titles("why do my pods crash?") == ["Pods crash"]


def test_the_engine_is_that_of_the_database() -> None:
    assert type(engine()) is ENGINES[connection.vendor]


def test_any_word_may_match_and_the_rarer_counts_for_more() -> None:
    for number in range(8):
        an_entry(f"Pod {number}")
    an_entry("Etcd")
    assert titles("pod etcd", limit=1) == ["Etcd"]


def test_a_word_in_the_head_counts_for_more() -> None:
    an_entry("Something else", "Certificate. " + "Filling words stand here. " * 20)
    an_entry("Certificate", "Filling words stand here. " * 20)
    an_entry("Nothing", "Filling words stand here. " * 20)
    assert titles("certificate") == ["Certificate", "Something else"]


def test_a_word_said_often_counts_for_more_than_once() -> None:
    an_entry("One", "quorum filling filling filling filling")
    an_entry("Two", "quorum quorum quorum quorum filling")
    an_entry("Three", "other other other other other")
    assert titles("quorum") == ["Two", "One"]


def test_neighbours_count_as_a_phrase() -> None:
    an_entry("A", "the pool of a connection is not the budget")
    an_entry("B", "the connection pool is not for the budget")
    an_entry("C", "nothing")
    assert titles("connection pool") == ["B", "A"]


def test_names_are_found_by_each_way_to_write_them() -> None:
    an_entry("KubePodCrashLooping")
    an_entry("Other")
    for text in ("kube_pod_crash_looping", "crash looping pods", "kubepodcrashlooping"):
        assert titles(text) == ["KubePodCrashLooping"]


def test_the_best_and_how_many_there_are() -> None:
    for _ in range(3):
        an_entry("Pods crash")
    hits = found("pods", limit=2)
    assert [(hit.kind, hit.found) for hit in hits] == [("runbook", 3), ("runbook", 3)]


def test_only_what_it_is_to_look_among_is_counted_or_takes_a_place() -> None:
    hidden, seen = an_entry("Pods crash crash"), an_entry("Pods")
    among = SearchEntry.objects.exclude(pk=hidden.pk)
    (hit,) = engine().ranked(Index.RUNBOOKS, asked("pods crash"), among=among, limit=1)
    assert (hit.entry_id, hit.found) == (seen.pk, 1)


def test_nothing_is_found_among_nothing() -> None:
    an_entry("Pods crash")
    nothing = SearchEntry.objects.none()
    assert engine().ranked(Index.RUNBOOKS, asked("pods"), among=nothing, limit=9) == []


def test_writing_again_replaces_what_was_there() -> None:
    entry = an_entry("Pods crash", "Look at the logs.")
    engine().write(Index.RUNBOOKS, [Rows(entry.pk, indexed("Disk full"), [])])
    assert found("pods logs") == []
    assert len(found("disk")) == 1


def test_what_is_erased_is_no_longer_found() -> None:
    entry = an_entry("Pods crash", "Look at the logs.")
    engine().erase(Index.RUNBOOKS, [entry.pk])
    assert found("pods logs") == []


def test_what_belongs_to_no_entry_is_swept_out() -> None:
    an_entry("Pods crash", "Logs.").delete()
    kept = an_entry("Pods")
    assert engine().erase_orphans(Index.RUNBOOKS) > 0
    assert [hit.entry_id for hit in found("pods")] == [kept.pk]
    assert engine().erase_orphans(Index.RUNBOOKS) == 0


def test_any_text_is_a_valid_question_and_a_valid_record() -> None:
    assert len(set(HOSTILE)) >= 200
    an_entry("Pods crash", "Look at the logs.")
    for text in HOSTILE:
        found(text)
    for text in HOSTILE:
        number = SearchEntry.objects.count() + 1
        entry = SearchEntry.objects.create(kind="runbook", record_id=number, title="Hostile")
        engine().write(Index.RUNBOOKS, [Rows(entry.pk, indexed(text), indexed(text))])
    assert "Pods crash" in titles("pods crash logs", limit=1_000)


def test_a_paste_of_a_megabyte_is_answered_like_a_line() -> None:
    an_entry("Pods crash", "Look at the logs.")
    found("pods")
    assert titles("pods crash " + "KubePod10s.crash_loop! " * 45_000) == ["Pods crash"]
