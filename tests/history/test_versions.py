"""The lines of history, replayed, are the record; wound back, they are nothing."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.history.values import EMPTY, LOST, difference, redo
from incidents.history.versions import Fields, Line, State, replay, rewind

LONG = "The pool was smaller than the number of its clients. " * 5


def part(did: str, pk: int, **fields: Any) -> dict[str, Any]:
    return {"record": "timelineevent", "id": pk, "did": did, "fields": fields}


def test_it_works() -> None:
    lines = [
        [part("created", 1, text=[None, "Latency rose"], kind=[None, "symptom"])],
        [part("created", 2, text=[None, "Somebody looked"])],
        [part("changed", 1, text=["Latency rose", "Latency doubled"])],
        [part("removed", 2, text=["Somebody looked", None])],
    ]

    assert replay(lines) == {("timelineevent", 1): {"text": "Latency doubled", "kind": "symptom"}}
    assert replay(lines[:2])["timelineevent", 2] == {"text": "Somebody looked"}


def test_what_was_removed_and_brought_back_begins_anew() -> None:
    lines = [
        [part("created", 1, text=[None, "One"], source=[None, "log"])],
        [part("removed", 1, text=["One", None], source=["log", None])],
        [part("created", 1, text=[None, "One"])],
    ]

    assert replay(lines) == {("timelineevent", 1): {"text": "One"}}


def test_a_field_that_was_emptied_is_left_out() -> None:
    lines = [[part("created", 1, text=[None, "One"])], [part("changed", 1, text=["One", ""])]]

    assert replay(lines) == {("timelineevent", 1): {}}


def test_a_text_that_an_edit_does_not_fit_is_lost_until_it_is_written_whole() -> None:
    edit = {"at": 5, "removed": "x", "added": "y"}
    # It would fit the words that stand for a lost text.
    chance = {"at": 0, "removed": "(", "added": "["}
    lines = [
        [part("changed", 1, text=edit, source=["log", "chat"])],
        [part("changed", 1, text=chance)],
        [part("changed", 1, text=["Short", "Whole again"])],
    ]
    start: State = {("timelineevent", 1): {"text": LONG, "source": "log"}}
    lost = {"text": LOST, "source": "chat"}

    assert replay(lines[:1], start) == {("timelineevent", 1): lost}
    assert replay(lines[:2], start) == {("timelineevent", 1): lost}
    assert replay(lines, start)["timelineevent", 1]["text"] == "Whole again"
    assert rewind(lines[:1], {("timelineevent", 1): {"text": LONG, "source": "chat"}}) == {
        ("timelineevent", 1): {"text": LOST, "source": "log"}
    }


texts = st.one_of(
    st.sampled_from(["", "One", LONG, LONG.upper(), LONG + LONG]),
    st.integers(0, 240).map(lambda at: LONG[:at] + "changed" + LONG[at:]),
)
values = st.one_of(texts, st.none(), st.lists(st.integers(1, 5), unique=True).map(sorted))
edits = st.lists(
    st.tuples(
        st.sampled_from(["create", "change", "change", "change", "remove"]),
        st.integers(1, 4),
        st.dictionaries(st.sampled_from(["text", "note", "tags"]), values, min_size=1),
    ),
    max_size=40,
)


def written(edits: list[tuple[str, int, Fields]]) -> tuple[list[Line], list[State]]:
    """The lines that these edits leave, as the operations write them, and the state after each."""
    state: State = {}
    lines, states = [], []
    for what, pk, fields in edits:
        key = ("timelineevent", pk)
        old = state.get(key)
        if what == "create" and old is None:
            new = {name: value for name, value in fields.items() if value not in EMPTY}
            line = [part("created", pk, **{name: [None, value] for name, value in new.items()})]
        elif what == "change" and old is not None:
            merged = {**old, **fields}
            new = {name: value for name, value in merged.items() if value not in EMPTY}
            # The database keeps an empty text where history keeps nothing.
            changed = {
                name: difference(old.get(name, ""), value)
                for name, value in fields.items()
                if old.get(name) != value
            }
            line = [part("changed", pk, **changed)]
        elif what == "remove" and old is not None:
            new = None
            line = [part("removed", pk, **{name: [value, None] for name, value in old.items()})]
        else:
            continue
        state = {each: dict(held) for each, held in state.items() if each != key}
        if new is not None:
            state[key] = new
        lines.append(line)
        states.append(state)
    return lines, states


@given(edits)
def test_replaying_gives_every_state_and_winding_back_too(
    edits: list[tuple[str, int, Fields]],
) -> None:
    lines, states = written(edits)

    for count, state in enumerate(states, start=1):
        assert replay(lines[:count]) == state
        assert rewind(reversed(lines[count:]), states[-1]) == state
    if states:
        assert rewind(reversed(lines), states[-1]) == {}


def test_each_line_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: Counter[str] = Counter()

    def counted(value: Any, change: Any) -> Any:
        calls["redo"] += 1
        return redo(value, change)

    monkeypatch.setattr("incidents.history.versions.redo", counted)
    lines = [[part("created", 1, text=[None, "0"])]]
    lines += [[part("changed", 1, text=[str(step), str(step + 1)])] for step in range(500)]

    assert replay(lines) == {("timelineevent", 1): {"text": "500"}}
    assert calls["redo"] == len(lines)
