"""What is given within a moment is done together, and all of it is done."""

import logging
import os
from threading import Event, current_thread, main_thread

import pytest

from incidents.lib import together
from incidents.lib.together import Together


def test_it_works() -> None:
    done: list[list[int]] = []
    gathered = Together(done.append)
    for number in range(3):
        gathered.add(number, pause=60)
    assert done == []

    gathered.finish()

    assert done == [[0, 1, 2]]


def test_it_is_done_without_being_asked_for() -> None:
    over = Event()
    gathered = Together(lambda _things: over.set())
    gathered.add(1, pause=0.01)
    assert over.wait(60)


def test_without_a_pause_it_is_done_at_once_by_who_gives_it() -> None:
    by = []
    Together(lambda _things: by.append(current_thread())).add(1, pause=0)
    assert by == [main_thread()]


def test_what_is_given_meanwhile_comes_next() -> None:
    begun, go_on = Event(), Event()
    done: list[list[int]] = []

    def do(things: list[int]) -> None:
        begun.set()
        assert go_on.wait(60)
        done.append(things)

    gathered = Together(do)
    gathered.add(1, pause=0.01)
    assert begun.wait(60)
    gathered.add(2, pause=60)
    gathered.add(3, pause=60)
    go_on.set()
    gathered.finish()
    assert done == [[1], [2, 3]]


def test_what_fails_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    done: list[list[int]] = []

    def do(things: list[int]) -> None:
        if 1 in things:
            raise ValueError("not this one")
        done.append(things)

    gathered = Together(do)
    gathered.add(1, pause=60)
    gathered.finish()
    gathered.add(2, pause=60)
    gathered.finish()
    assert done == [[2]]
    assert "was not done: 1" in caplog.text


def test_there_is_an_end_to_what_waits(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "MOST", 2)
    done: list[list[int]] = []
    gathered = Together(done.append)
    with caplog.at_level(logging.WARNING):
        for number in range(3):
            gathered.add(number, pause=60)
    gathered.finish()
    assert done == [[0, 1]]
    assert "one thing is lost" in caplog.text


def test_who_finishes_waits_for_nothing_where_there_is_nothing() -> None:
    done: list[list[int]] = []
    Together(done.append).finish()
    assert done == []


def test_a_forked_process_has_a_thread_of_its_own() -> None:
    """What was given before the fork is done by the process that it was given to."""
    done: list[list[int]] = []
    gathered = Together(done.append)
    gathered.add(1, pause=60)
    reading, writing = os.pipe()
    if os.fork() == 0:
        gathered.add(2, pause=60)
        gathered.finish()
        os.write(writing, repr(done).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        assert told.read() == "[[2]]"
    gathered.finish()
    assert done == [[1]]
