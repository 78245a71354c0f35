"""Who sends slowly keeps some threads, and not all."""

import io
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from incidents.lib import few_bodies
from incidents.lib.few_bodies import FewBodies

Sent = dict[str, Any]


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(few_bodies, "WAIT", 0)
    monkeypatch.setattr(few_bodies, "SMALL", 0)


def refuse(_environ: Sent, start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("503 Service Unavailable", [])
    return []


class Site:
    """Asks itself again while it answers: as another thread would at that moment."""

    def __init__(self) -> None:
        self.wrapped = FewBodies(self.answer, most=1, refuse=refuse)
        self.statuses: list[str] = []
        self.meanwhile: list[Sent] = []
        self.reads = True

    def answer(self, environ: Sent, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if self.reads:
            environ["wsgi.input"].read(1)
        if self.meanwhile:
            self.ask(self.meanwhile.pop())
        start_response("200 OK", [])
        return [b"".join(iter(environ["wsgi.input"].readline, b""))]

    def ask(self, environ: Sent) -> bytes:
        def start_response(status: str, _: object) -> None:
            self.statuses.append(status)

        return b"".join(self.wrapped(environ, start_response))


def sent(body: bytes = b"", **told: str) -> Sent:
    return {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), **told}


def test_it_is_read_whole() -> None:
    assert Site().ask(sent(b"abc\ndef")) == b"bc\ndef"


def test_one_that_is_not_read_to_its_end_keeps_another_out() -> None:
    site = Site()
    site.meanwhile = [sent(b"xyz")]
    site.ask(sent(b"abc"))

    assert site.statuses == ["503 Service Unavailable", "200 OK"]


def test_but_none_that_brings_nothing() -> None:
    site = Site()
    site.meanwhile = [sent()]
    site.ask(sent(b"abc"))

    assert site.statuses == ["200 OK", "200 OK"]


def test_what_was_read_whole_keeps_nobody_out() -> None:
    site = Site()
    site.meanwhile = [sent(b"xyz")]
    site.ask(sent(b"a"))

    assert site.statuses == ["200 OK", "200 OK"]


@pytest.mark.parametrize("length", ["", "chunked"])
def test_nor_what_is_over_however_it_ended(length: str) -> None:
    site = Site()
    site.reads = False
    told = {"HTTP_TRANSFER_ENCODING": length} if length else {}
    for _ in range(3):
        site.ask(sent(b"abc", **told))

    assert site.statuses == ["200 OK"] * 3


def test_nor_one_that_failed() -> None:
    def fail(environ: Sent, _: Callable[..., Any]) -> Iterable[bytes]:
        raise ValueError("broken")

    site = FewBodies(fail, most=1, refuse=refuse)
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"):
            site(sent(b"abc"), lambda *_: None)


def test_what_is_small_is_there_before_anything_is_done_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(few_bodies, "SMALL", 3)
    site = Site()
    site.meanwhile = [sent(b"xyz")]
    assert site.ask(sent(b"abc")) == b"bc"
    assert site.statuses == ["200 OK", "200 OK"]


class Dripping(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(1, size or 0))


def test_it_may_come_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(few_bodies, "SMALL", 100)
    site = Site()
    assert site.ask({"CONTENT_LENGTH": "4", "wsgi.input": Dripping(b"abcd")}) == b"bcd"


def test_what_breaks_off_is_not_taken_for_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(few_bodies, "SMALL", 100)
    site = Site()
    for _ in range(3):
        assert site.ask({"CONTENT_LENGTH": "9", "wsgi.input": io.BytesIO(b"abc")}) == b""
    assert site.statuses == ["400 Bad Request"] * 3
