"""Every word of what another program wrote lands in a record, whatever the program is.

What only programs read (keys of rows, addresses of pictures, colours) is named by each reader; a
time lands as a time.
"""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.importers.dumps import tables_in
from incidents.importers.formats import (
    FORMATS,
    dispatch,
    github,
    gitlab,
    guess,
    jira,
    response,
)
from incidents.importers.found import Found, FoundIncident, FoundUnread
from incidents.importers.json_records import values_of
from tests.importers.documents.words import told_by, words_of

HERE = Path(__file__).parent
READERS = {
    "dispatch": dispatch,
    "github": github,
    "gitlab": gitlab,
    "jira": jira,
    "response": response,
}
ALL = sorted(file for name in (*READERS, "morgue") for file in (HERE / name).iterdir())
FIXTURES = [file for file in ALL if file.suffix != ".sql"]
DUMPS = [file for file in ALL if file.suffix == ".sql"]
TAKEN_APART = {
    "dispatch": {"role", "status", "project", "visibility"},
    "response": {"model", "priority", "severity", "type", "event_type", "author"},
    "github": {"html_url", "number", "repository_url", "updated_at", "state"},
    "gitlab": {"iid", "references", "username"},
    "jira": {
        "key",
        "startAt",
        "maxResults",
        "total",
        "names",
        "priority",
        "state",
        "type",
        "panelType",
    },
}
"""Names of values that are read, and told in other words: a state, an address, a number."""
HEADINGS = {"summary", "impact", "timeline", "action", "items", "what", "went", "well", "wrong"}
"""Those that lead to a field, which is called so."""
SECRETS = ("A secret", "Not for all.")
"""Of records that are refused, as nobody may see them."""
MARKS = re.compile(r"h[1-6]\.|\{code:?\w*\}|\[[xX]\]")


def ids(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", ALL, ids=ids)
def test_the_format_is_seen(path: Path) -> None:
    assert guess(path).name == path.parent.name


@pytest.mark.parametrize("path", FIXTURES, ids=ids)
def test_no_word_is_dropped(path: Path) -> None:
    reader = READERS[path.parent.name]
    kept = kept_of(list(reader.read(path)))
    left_out = reader._FOR_PROGRAMS | TAKEN_APART[path.parent.name]
    said = said_by(values_of(path.read_text(encoding="utf-8")), left_out)
    lost = {
        word
        for text in said
        for word in words_of(MARKS.sub(" ", text))
        if word not in kept | HEADINGS and not has_digits(word)
    }
    assert not lost


NOT_TOLD = {
    "morgue": {"created", "modified", "deleted", "channel_id"},
    "dispatch": {"uuid", "status", "visibility", "resolution", "is_active", "details"},
    "response": {
        "app_id",
        "external_id",
        "deleted",
        "report_only",
        "private",
        "event_type",
        "done",
    },
}
"""Columns that only programs read, or that are told in other words."""


@pytest.mark.parametrize("path", DUMPS, ids=ids)
def test_no_word_of_a_dump_is_dropped(path: Path) -> None:
    kept = kept_of(list(FORMATS[path.parent.name].read(path)))
    text = path.read_text(encoding="utf-8")
    copied = re.findall(r"^COPY \w+\.(\w+)", text, re.MULTILINE)
    inserted = re.findall(r"^INSERT INTO `(\w+)`", text, re.MULTILINE)
    dump = tables_in(text, {*copied, *inserted} - {"postmortem_history"})
    lost = {
        word
        for rows in dump.rows.values()
        for row in rows
        if row.get("deleted") != "1" and not {*SECRETS} & {*row.values()}
        for column, value in row.items()
        if column not in NOT_TOLD[path.parent.name]
        for word in words_of(value)
        if word not in kept | HEADINGS and not has_digits(word)
    }
    assert dump.rows
    assert not lost


@pytest.mark.parametrize("path", DUMPS, ids=ids)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_no_damage_of_a_dump_is_more_than_refused(
    path: Path, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = path.read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 60, len(text))))
    put_in = data.draw(
        st.sampled_from(["", "'", "\\", "\t", "NULL", "(", ";", "\n", "0" * 20, "x"])
    )
    file = tmp_path_factory.getbasetemp() / "damaged.sql"
    file.write_text(text[:start] + put_in + text[end:], encoding="utf-8")
    for each in FORMATS[path.parent.name].read(file):
        assert_can_be_kept(each)


@pytest.mark.parametrize("name", ["dispatch", "morgue", "response"])
def test_a_dump_without_its_tables_is_refused(name: str, tmp_path: Path) -> None:
    file = tmp_path / "x.sql"
    file.write_text("SET a = 1;\n", encoding="utf-8")
    (unread,) = FORMATS[name].read(file)
    assert isinstance(unread, FoundUnread)
    assert "It holds no rows of a table" in unread.why
    assert not FORMATS[name].fits(file)


@pytest.mark.parametrize("path", FIXTURES, ids=ids)
def test_reading_it_again_finds_the_same(path: Path) -> None:
    reader = READERS[path.parent.name]
    assert list(reader.read(path)) == list(reader.read(path))
    keys = [each.key for each in reader.read(path) if isinstance(each, FoundIncident)]
    assert keys
    assert len(keys) == len(set(keys))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@pytest.mark.parametrize("path", FIXTURES, ids=ids)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_wrong_type_anywhere_is_no_more_than_refused(
    path: Path, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    values = copy.deepcopy(values_of(path.read_text(encoding="utf-8")))
    for _ in range(data.draw(st.integers(1, 3))):
        holder, name = data.draw(st.sampled_from(list(places_in(values))))
        holder[name] = data.draw(JSON | st.just(nested(60)))
    file = tmp_path_factory.getbasetemp() / "wrong.json"
    file.write_text("\n".join(map(json.dumps, values)), encoding="utf-8")
    for each in READERS[path.parent.name].read(file):
        assert_can_be_kept(each)


@pytest.mark.parametrize("name", sorted(READERS))
@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=200) | st.text(alphabet='[]{}",:1e\\ \n', max_size=80))
def test_no_file_is_more_than_refused(
    name: str, content: bytes | str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.json"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    for each in READERS[name].read(file):
        assert isinstance(each, FoundUnread)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "It is empty."),
        (b'[{"a": 1}', "It is no JSON: Expecting ',' delimiter (line 1, column 10)."),
        (b'{"a": 1}\n{"a"}', "It is no JSON: Expecting ':' delimiter (line 2, column 5)."),
        (b'{"a": 1, "a": 2}', "the name “a” stands twice in one record."),
        (b'[{"a": NaN}]', "NaN is no number of JSON."),
        (b'[{"a": ' + b"9" * 10_000 + b"}]", "It holds a number of more digits than can be read."),
        (b"[" * 100_000, "Its values are nested too deeply."),
        (b'{"a":' * 50 + b"1" + b"}" * 50, "Its values are nested too deeply."),
        (b'{"a": "\xff"}', "It is not UTF-8 text: byte 8, in line 1, cannot be read."),
        (b"[1]", "It is no record: names with values belong there."),
    ],
)
@pytest.mark.parametrize("name", sorted(READERS))
def test_what_is_no_json_is_refused(name: str, content: bytes, why: str, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(content)
    (unread,) = READERS[name].read(file)
    assert isinstance(unread, FoundUnread)
    assert why in unread.why


def test_a_folder_of_files_is_read_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.json").write_text("[", encoding="utf-8")
    (tmp_path / "a.json").write_text("", encoding="utf-8")
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    assert [each.where for each in github.read(tmp_path)] == ["a.json", "2.json"]


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    for reader in READERS.values():
        (unread,) = reader.read(tmp_path / "gone.json")
        assert isinstance(unread, FoundUnread)
        assert unread.why == "It cannot be read: No such file or directory."


def test_every_format_can_be_got_out_of_its_home() -> None:
    for name, each in FORMATS.items():
        assert (each.name, each.teaches[-1]) == (name, ".")
        assert each.title
        assert all(ending.startswith(".") for ending in each.endings)


def kept_of(found: list[Found]) -> set[str]:
    kept = set()
    for each in found:
        kept |= told_by(each) if isinstance(each, FoundIncident) else set(words_of(each.why))
    return kept


def said_by(value: Any, left_out: frozenset[str] | set[str]) -> Iterator[str]:
    if isinstance(value, dict):
        for name, below in value.items():
            if name not in left_out and not name.endswith("_url"):
                yield from said_by(below, left_out)
    elif isinstance(value, list):
        for below in value:
            yield from said_by(below, left_out)
    elif isinstance(value, str) and value.startswith("{"):
        yield from said_by(json.loads(value), left_out)
    elif isinstance(value, str) and value not in SECRETS:
        yield value


def has_digits(word: str) -> bool:
    return any(char.isdigit() for char in word)


def places_in(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each place of a value, as what holds it and its name there."""
    if isinstance(value, dict | list):
        for name, below in list(value.items() if isinstance(value, dict) else enumerate(value)):
            yield value, name
            yield from places_in(below)


def nested(levels: int) -> Any:
    value: Any = "deep"
    for _ in range(levels):
        value = [value]
    return value


def assert_can_be_kept(found: Found) -> None:
    """No database refuses it: lengths, what no text holds, times before the beginning."""
    if isinstance(found, FoundUnread):
        assert found.why
        return
    assert 0 < len(found.title) <= 200
    assert 0 < len(found.key) <= 200
    assert len(found.source_url) <= 500
    assert all(0 < len(tag) <= 60 for tag in found.tags)
    assert all(0 < len(each.name) <= 200 for each in found.people)
    assert all(0 < len(each.title) <= 200 for each in found.actions)
    assert all(each.text for each in found.events)
    everything = repr(found)
    assert "\\x00" not in everything
    assert "\\ud8" not in everything
    began = found.times.get("began")
    if began and began.at:
        assert all(time.at >= began.at for time in found.times.values() if time.at)
