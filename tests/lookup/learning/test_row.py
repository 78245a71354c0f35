"""A lookup cut to size, and what it has in common with another."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from incidents.lookup.learning.row import (
    Asker,
    cut_labels,
    gist_of,
    is_asked_again,
    is_erased,
    is_typed_on,
    row_of,
)
from incidents.lookup.question import Question, read_question
from incidents.models import Lookup, Way
from tests.factories import NOW
from tests.lookup.hostile import HOSTILE

ASKER = Asker(by=None, way=Way.ADDRESS, at=NOW)


def kept(text: str, **labels: str) -> Lookup:
    row = row_of(read_question(text, labels), [], ASKER)
    assert row is not None
    return row


def asked(text: str, seconds: float = 0, way: Way = Way.TYPED, **fields: Any) -> Lookup:
    at = NOW + timedelta(seconds=seconds)
    return Lookup(text=text, asked_at=at, way=way, **{"typing": "page", **fields})


def test_it_works() -> None:
    row = kept("The disk\nis full", team="db")
    assert row.text == "db\nThe disk\nis full"
    assert row.labels == {"team": "db"}
    assert row.answered_by == "nothing"


class TestGist:
    @pytest.mark.parametrize(
        ("text", "labels", "gist"),
        [
            ("Disk   FULL\non db-1", {}, "disk full"),
            ("\n\n  disk full", {}, "disk full"),
            ("on db-1", {"alertname": "DiskFull", "instance": "db-1"}, "diskfull"),
            ("", {"severity": "page"}, '{severity="page"}'),
            ("", {}, ""),
            ("x" * 999, {}, "x" * 200),
            # In capitals it is longer.
            ("ﬃ" * 150, {}, "ffi" * 66 + "ff"),
        ],
    )
    def test_alike_questions_have_one(self, text: str, labels: dict[str, str], gist: str) -> None:
        assert gist_of(text, labels) == gist

    def test_what_asks_nothing_is_not_kept(self) -> None:
        assert row_of(Question("", {}), [], ASKER) is None
        assert row_of(Question(" \n", {}), [], ASKER) is None


class TestCutting:
    def test_no_more_is_kept_than_the_settings_say(self, settings: Settings) -> None:
        settings.LOOKUP_CHARACTERS = 30
        row = kept("s3cret " * 100, alertname="DiskFull", zone="z" * 100, team="db")
        assert len(row.text) == 30
        assert len(row.gist) <= 30
        assert row.labels == {"alertname": "DiskFull"}

    def test_the_name_of_the_alert_goes_last(self, settings: Settings) -> None:
        settings.LOOKUP_CHARACTERS = 20
        labels = {"zone": "north", "alertname": "DiskFull"}
        assert cut_labels(labels) == {"alertname": "DiskFull"}

    def test_any_text_can_be_kept(self) -> None:
        for text in HOSTILE:
            row = row_of(read_question(text, {"note": text[:500]}), [], ASKER)
            if row is not None:
                assert "\0" not in f"{row.text}{row.labels}{row.gist}"
                assert len(row.text) <= 1000
                assert row.gist


class TestTypedOn:
    def test_more_letters_are_the_same_question(self) -> None:
        assert is_typed_on(asked("disk"), asked("disk full", 300))
        assert is_typed_on(asked("disk full"), asked("disk", 300))

    def test_other_letters_are_for_a_moment(self) -> None:
        assert is_typed_on(asked("dosk"), asked("disk", 5))
        assert not is_typed_on(asked("disk"), asked("dns", 60))

    def test_another_page_is_another_question(self) -> None:
        assert not is_typed_on(asked("disk"), asked("disk full", typing="elsewhere"))
        assert not is_typed_on(asked("disk", typing=""), asked("disk full", typing=""))

    def test_what_was_sent_from_there_is_what_was_typed(self) -> None:
        sent = asked("disk full", 60, Way.ADDRESS, typing="")
        assert is_typed_on(asked("disk fu"), sent)
        assert not is_typed_on(asked("dns"), sent)
        assert not is_typed_on(asked(""), sent)

    def test_what_was_not_typed_is_not_typed_on(self) -> None:
        assert not is_typed_on(asked("disk", way=Way.ADDRESS), asked("disk full"))


class TestErased:
    def test_what_is_left_of_a_text_is_no_question(self) -> None:
        assert is_erased(asked("disk full"), asked("di"))

    def test_unless_it_is_sent_or_goes_on_otherwise(self) -> None:
        assert not is_erased(asked("disk full"), asked("di", way=Way.ADDRESS))
        assert not is_erased(asked("disk full"), asked("dist"))


class TestAskedAgain:
    def test_other_words_soon_after_are(self) -> None:
        assert is_asked_again(asked("disk"), asked("no space left", 60))

    @pytest.mark.parametrize(
        "later",
        [
            asked("no space left", 3600),
            asked("no space left", 60, Way.PROGRAM),
            asked("OutOfMemory", 60, labels={"alertname": "OutOfMemory"}),
        ],
    )
    def test_what_is_something_else_is_not(self, later: Lookup) -> None:
        assert not is_asked_again(asked("DiskFull", labels={"alertname": "DiskFull"}), later)
