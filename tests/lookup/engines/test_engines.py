"""What every engine promises; run on each database."""

import pytest
from django.db import connection

from incidents.lookup.engines import ENGINES, Index, Ranked, Rows, engine, index_of
from incidents.lookup.terms import asked, indexed
from incidents.models import SearchEntry
from tests.lookup.hostile import HOSTILE

pytestmark = pytest.mark.django_db


def an_entry(head: str, body: str = "", *, kind: str = "runbook") -> SearchEntry:
    number = SearchEntry.objects.count() + 1
    entry = SearchEntry.objects.create(kind=kind, record_id=number, title=head[:300])
    engine().write(index_of(kind), [Rows(entry.pk, indexed(head), indexed(body))])
    return entry


def found(text: str, *, index: Index = Index.RUNBOOKS, limit: int = 10) -> list[Ranked]:
    return engine().ranked(index, asked(text), among=SearchEntry.objects.all(), limit=limit)


def titles(text: str, **more: object) -> list[str]:
    entries = SearchEntry.objects.in_bulk()
    return [entries[one.entry_id].title for one in found(text, **more)]  # type: ignore[arg-type]


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


def test_runbooks_do_not_drown_among_the_others() -> None:
    an_entry("Pods crash")
    for _ in range(20):
        an_entry("Pods crash", "Pods crash", kind="incident")
    (only,) = found("pods crash")
    assert (only.kind, only.found) == ("runbook", 1)


def test_the_best_of_each_kind_and_how_many_there_are() -> None:
    for kind in ("incident", "incident", "incident", "lesson"):
        an_entry("Pods crash", kind=kind)
    hits = found("pods", index=Index.ARCHIVE, limit=2)
    assert sorted((hit.kind, hit.found) for hit in hits) == [
        ("incident", 3),
        ("incident", 3),
        ("lesson", 1),
    ]


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
        entry = SearchEntry.objects.create(
            kind="lesson", record_id=SearchEntry.objects.count() + 1, title="Hostile"
        )
        engine().write(Index.ARCHIVE, [Rows(entry.pk, indexed(text), indexed(text))])
    assert titles("pods") == ["Pods crash"]


def test_a_paste_of_a_megabyte_is_answered_like_a_line() -> None:
    an_entry("Pods crash", "Look at the logs.")
    found("pods")
    assert titles("pods crash " + "KubePod10s.crash_loop! " * 45_000) == ["Pods crash"]
