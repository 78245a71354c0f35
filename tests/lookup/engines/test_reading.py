"""The index beside the database: never behind what was committed, never ahead of it."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from incidents.lookup.engines import Ranked, archive, reading
from incidents.lookup.engines.embedded import EmbeddedIndex, Snapshot, held
from incidents.lookup.engines.reading import behind, folder, read_on
from incidents.lookup.engines.writes import Position, write_number, written_since
from incidents.lookup.operations import forget, keep_findable, make_findable, rebuild
from incidents.lookup.terms import asked
from incidents.models import FoundKind, Lesson, SearchEntry
from tests.factories import a_lesson
from tests.lookup.hostile import HOSTILE

pytestmark = pytest.mark.django_db(transaction=True)

SENTENCES = (
    "A pool smaller than its clients makes them wait",
    "Count connections before workers",
    "The queue that nobody watches grows at night",
    "A worker that dies takes its queue along",
    "Watch the pool, not the workers",
    "Half of the orders were paid twice",
)


@pytest.fixture(autouse=True)
def an_index_of_its_own(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.LOOKUP_DIR = tmp_path
    yield
    EmbeddedIndex.close_all()


def some_lessons() -> list[Lesson]:
    lessons = [a_lesson(sentence=sentence) for sentence in SENTENCES]
    keep_findable(*lessons)
    return lessons


def hits(text: str) -> list[Ranked]:
    return archive.ranked(asked(text), among={FoundKind.LESSON: Lesson.objects.all()}, limit=20)


def found(text: str) -> list[int]:
    return [hit.record_id for hit in hits(text)]


def until_read() -> None:
    for reader in reading.readers():
        reader.join(30)


def unread() -> int:
    return len(reading.look_in().unread)


@pytest.mark.parametrize("text", ["the pool of the workers", "queue", "count connections", "wait"])
def test_it_works(text: str) -> None:
    """What the index has read is ranked as it was before, to the last digit."""
    some_lessons()
    before = hits(text)
    assert before
    assert unread() == len(SENTENCES)
    assert read_on(wait=True)
    assert unread() == 0
    assert hits(text) == before


def test_half_read_it_ranks_the_same() -> None:
    first = some_lessons()
    read_on(wait=True)
    more = [a_lesson(sentence=f"Another pool of {word}") for word in ("workers", "threads")]
    keep_findable(*more)
    assert unread() == 2
    before = hits("pool workers")
    assert {one.record_id for one in before} > {more[0].pk, first[0].pk}
    read_on(wait=True)
    assert hits("pool workers") == before


def test_it_reads_by_itself_when_there_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "READ_ON_FROM", len(SENTENCES) + 1)
    some_lessons()
    assert unread() == len(SENTENCES)
    keep_findable(a_lesson(sentence="One more"))
    assert len(found("pool")) == 2
    until_read()
    assert unread() == 0
    assert len(found("pool")) == 2


def test_a_change_is_found_at_once_and_what_it_was_is_not() -> None:
    changed, *_ = some_lessons()
    read_on(wait=True)
    Lesson.objects.filter(pk=changed.pk).update(sentence="Zookeepers agree")
    keep_findable(changed)
    assert found("zookeepers") == [changed.pk]
    assert changed.pk not in found("clients")
    read_on(wait=True)
    assert found("zookeepers") == [changed.pk]
    assert changed.pk not in found("clients")


def test_what_is_forgotten_is_not_found() -> None:
    gone, *_ = some_lessons()
    read_on(wait=True)
    forget(gone)
    assert gone.pk not in found("pool")


def test_what_is_not_committed_is_for_who_writes_it_alone() -> None:
    some_lessons()
    with transaction.atomic():
        mine = a_lesson(sentence="Zookeepers agree")
        keep_findable(mine)
        assert found("zookeepers") == [mine.pk]
        assert not read_on(wait=True)
        transaction.set_rollback(True)
    read_on(wait=True)
    assert found("zookeepers") == []
    assert unread() == 0


def test_what_was_begun_before_the_index_read_and_ended_after_is_found() -> None:
    """On SQLite the one who writes keeps the others from writing, not from reading."""
    some_lessons()
    written, may_end = Event(), Event()

    def write() -> None:
        try:
            with transaction.atomic():
                keep_findable(a_lesson(sentence="Zookeepers agree"))
                written.set()
                assert may_end.wait(30)
        finally:
            connection.close()

    slow = Thread(target=write)
    slow.start()
    assert written.wait(30)
    if connection.vendor == "postgresql":
        keep_findable(a_lesson(sentence="A number above that of the slow one"))
    read_on(wait=True)
    assert found("zookeepers") == []
    may_end.set()
    slow.join(30)
    assert len(found("zookeepers")) == 1
    read_on(wait=True)
    assert len(found("zookeepers")) == 1
    assert unread() == 0


def test_nobody_waits_for_who_writes_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "READ_ON_FROM", 1)
    index = EmbeddedIndex.at(folder())
    assert index is not None
    with held(index.folder, wait=False) as is_ours:
        assert is_ours
        some_lessons()
        assert len(found("pool")) == 2
        assert unread() == len(SENTENCES)
        until_read()
        assert unread() == len(SENTENCES)
    until_read()
    found("pool")
    until_read()
    assert unread() == 0


def test_another_process_reads_what_this_one_wrote() -> None:
    some_lessons()
    another = EmbeddedIndex(folder())
    assert another.snapshot().lengths == (0, 0)
    read_on(wait=True)
    assert another.snapshot().with_term("pool") == 2


def test_more_than_one_may_wait_for_is_read_in_the_background(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "MOST_FRESH", 4)
    monkeypatch.setattr(reading, "READ_ON_FROM", 4)
    some_lessons()
    assert len(found("queue pool connections orders")) == 4
    assert behind() == len(SENTENCES) - 4
    until_read()
    assert len(found("queue pool connections orders")) == len(SENTENCES)
    assert behind() == 0


@pytest.mark.parametrize("damage", ["lost", "spoilt"])
def test_an_index_that_is_lost_or_spoilt_is_made_anew(damage: str) -> None:
    some_lessons()
    read_on(wait=True)
    EmbeddedIndex.close_all()
    for file in folder().iterdir():
        if damage == "lost":
            file.unlink()
        else:
            file.write_bytes(b"\x00nonsense")
    assert len(found("pool")) == 2
    read_on(wait=True)
    assert len(found("pool")) == 2


def test_a_folder_taken_away_under_a_running_process_is_made_anew() -> None:
    some_lessons()
    read_on(wait=True)
    for file in folder().iterdir():
        file.unlink()
    folder().rmdir()
    assert len(found("pool")) == 2


def test_where_nothing_can_be_written_it_is_found_all_the_same(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    settings.LOOKUP_DIR = tmp_path / "file"
    some_lessons()
    assert len(found("pool")) == 2
    assert not read_on(wait=True)


def test_a_record_that_comes_back_under_another_entry_is_found() -> None:
    back, *_ = some_lessons()
    read_on(wait=True)
    forget(back)
    keep_findable(back)
    assert back.pk in found("pool clients")
    read_on(wait=True)
    assert back.pk in found("pool clients")


def test_a_file_that_goes_missing_under_an_open_index_breaks_nothing() -> None:
    some_lessons()
    read_on(wait=True)
    (folder() / "meta.json").unlink()
    assert len(found("pool")) == 2
    assert len(found("pool")) == 2
    assert read_on(wait=True)
    assert len(found("pool")) == 2


def test_an_index_that_cannot_be_written_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "READ_ON_FROM", 1)

    def full(*args: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(EmbeddedIndex, "absorb", full)
        some_lessons()
        for _ in range(2):
            assert len(found("pool")) == 2
            until_read()
    assert read_on(wait=True)
    assert unread() == 0


def test_an_index_that_cannot_be_asked_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    some_lessons()
    read_on(wait=True)

    def spoilt(*args: object, **more: object) -> None:
        raise ValueError("a segment cannot be read")

    monkeypatch.setattr(Snapshot, "named", spoilt)
    assert len(found("pool")) == 2


def test_numbers_of_another_server_hide_nothing() -> None:
    """A copy brought into a new server comes with numbers that it has not reached yet."""
    some_lessons()
    SearchEntry.objects.update(written=10**15)
    read_on(wait=True)
    if connection.vendor == "postgresql":
        assert unread() == 0
    index = EmbeddedIndex.at(folder())
    assert index is not None
    assert len(index.snapshot().position.read) < 2
    keep_findable(a_lesson(sentence="Zookeepers agree"))
    assert len(found("zookeepers")) == 1
    assert unread() == 1


def test_an_index_of_another_database_is_not_believed() -> None:
    """A copy brought back into another server counts its transactions from anew."""
    some_lessons()
    index = EmbeddedIndex.at(folder())
    assert index is not None
    if connection.vendor == "postgresql":
        future = Position(10**15, frozenset())
        index.absorb([], position=future, from_scratch=False)
    assert len(found("pool")) == 2
    read_on(wait=True)
    assert unread() == 0
    assert len(found("pool")) == 2


def test_numbers_of_writes_rise_though_the_newest_goes() -> None:
    *_, newest = some_lessons()
    read_on(wait=True)
    with transaction.atomic():
        before = write_number()
    forget(newest)
    keep_findable(a_lesson(sentence="Zookeepers agree"))
    assert SearchEntry.objects.order_by("-written")[0].written > before - 1
    assert len(found("zookeepers")) == 1


def test_rebuilding_clears_away_what_belongs_to_no_entry() -> None:
    some_lessons()
    read_on(wait=True)
    SearchEntry.objects.all().delete()
    Lesson.objects.exclude(sentence__contains="night").delete()
    assert rebuild() == 1
    index = EmbeddedIndex.at(folder())
    assert index is not None
    assert index.snapshot().with_term("pool") == 0
    assert len(found("queue")) == 1


def test_what_one_may_not_see_is_not_even_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "CANDIDATES", 2)
    monkeypatch.setattr(archive, "COUNTED", 2)
    hidden = [a_lesson(sentence="Pool pool pool") for _ in range(20)]
    seen = a_lesson(sentence="A pool among many other words that make it rate lower")
    make_findable([*hidden, seen])
    read_on(wait=True)
    among = {FoundKind.LESSON: Lesson.objects.filter(pk=seen.pk)}
    (hit,) = archive.ranked(asked("pool"), among=among, limit=5)
    assert (hit.record_id, hit.found) == (seen.pk, 1)


def test_any_text_can_be_read_and_asked_for() -> None:
    texts = [text.replace("\x00", "") for text in HOSTILE]
    make_findable([a_lesson(sentence=f"Hostile {text}"[:300]) for text in texts])
    read_on(wait=True)
    assert unread() == 0
    for text in HOSTILE:
        found(text)
    assert found("hostile")


def test_what_was_read_is_not_asked_for_again() -> None:
    """Entries from before they were numbered all have the number nought."""
    some_lessons()
    SearchEntry.objects.update(written=0)
    read_on(wait=True)
    assert unread() == 0
    index = EmbeddedIndex.at(folder())
    assert index is not None
    with CaptureQueriesContext(connection) as asked_for:
        since = written_since(index.snapshot().position)
    assert (len(asked_for), since.entry_ids) == (1, [])
    assert rows_of(asked_for) in (0, 1)
    keep_findable(a_lesson(sentence="Zookeepers agree"))
    assert unread() == 1


def rows_of(asked_for: CaptureQueriesContext) -> int:
    """How many rows the one query gave; PostgreSQL says its oldest transaction in any case."""
    with connection.cursor() as cursor:
        cursor.execute(asked_for[0]["sql"])
        return len(cursor.fetchall())
