import pytest

from incidents.lookup.copied_words import copied_words
from incidents.lookup.engines.ranking import HEAD_WEIGHT
from incidents.lookup.terms import STOP_WORDS, indexed
from incidents.models import RunbookWords
from incidents.runbooks.offline.index import character, index_of
from tests.factories import a_knob, a_runbook, a_service

pytestmark = pytest.mark.django_db


def runbooks() -> list[RunbookWords]:
    disk = a_runbook(title="Disks are crashing", slug="disk-full", alerts="DiskFull\nnode_disk_up")
    disk.body = "The disk crashes when it is full."
    disk.services.add(a_service(name="orders-api"))
    disk.knobs.add(a_knob(component="disk", key="reserve"))
    return copied_words(disk, a_runbook(title="Queue", slug="queue", body=""))


def read(row: str, terms: list[str]) -> list[str]:
    """A row as the terms that it stands for."""
    characters = {character(number): term for number, term in enumerate(terms)}
    return [characters[char] for char in row]


def test_it_works() -> None:
    index = index_of(runbooks())

    terms = index["terms"]
    assert read(index["bodies"][0], terms) == indexed("The disk crashes when it is full.")
    assert read(index["titles"][0], terms) == ["disk", "ar", "crash"]
    assert {"ordersapi", "order", "api", "reserv"} <= set(read(index["heads"][0], terms))
    assert read(index["names"][0], terms) == ["diskful", "nodediskup", "ordersapi"]
    assert index["bodies"][1] == ""
    assert index["weights"]["head"] == HEAD_WEIGHT


def test_each_word_that_is_no_stem_leads_to_its_own() -> None:
    index = index_of(runbooks())

    terms, words = index["terms"], index["words"]
    assert terms[words["crashes"]] == terms[words["crashing"]] == "crash"
    assert "full" not in words
    assert terms[words["diskfull"]] == "diskful"


def test_stop_words_are_known_also_where_no_runbook_has_them() -> None:
    index = index_of(copied_words(a_runbook(title="Queue", slug="queue")))

    assert {index["terms"][number] for number in index["stop"]} == STOP_WORDS


def test_without_runbooks_there_is_an_index_all_the_same() -> None:
    assert index_of([])["heads"] == []


def test_the_same_runbooks_give_the_same_index() -> None:
    rows = runbooks()

    assert index_of(rows) == index_of(list(rows))


def test_no_character_is_half_of_one() -> None:
    """Numbers behind those of two halves, which no file may hold by themselves."""
    numbers = [0, 0xD6FF, 0xD700, 90_000]

    assert [ord(character(number)) for number in numbers] == [0x100, 0xD7FF, 0x10000, 0x18890]
    assert len({character(number).encode() for number in numbers}) == len(numbers)
