"""Log lines: of which request they are, and that nobody else writes them."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as site
from django.core.handlers.base import BaseHandler
from django.http import HttpResponse
from django.test import Client

from incidents.health.logs import NowAndThen, request_id
from tests.factories import a_user

pytestmark = pytest.mark.django_db


def made(format_: str) -> tuple[logging.Handler, io.StringIO]:
    """A handler as the site sets it up, and what it writes."""
    parts = site.LOGGING["formatters"][format_]
    configurator = logging.config.DictConfigurator({"version": 1})
    formatter = configurator.configure_formatter(dict(parts))
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter)
    for name in site.LOGGING["handlers"]["console"]["filters"]:
        handler.addFilter(configurator.configure_custom(dict(site.LOGGING["filters"][name])))
    return handler, written


SECRET = "zqvx-0a1b2c3d4e5f"
SHOWN = [
    ("GET", f"/feeds/{SECRET}.atom", {}),
    ("GET", f"/feeds/{SECRET}.ics", {}),
    ("GET", f"/accounts/password/reset/key/1-{SECRET}/", {}),
    ("GET", f"/lookup/?q={SECRET}", {}),
    ("GET", "/api/v1/incidents/", {"Authorization": f"Bearer {SECRET}"}),
    ("GET", "/incidents/", {"Cookie": f"sessionid={SECRET}"}),
    ("POST", "/hooks/alertmanager/", {"Authorization": f"Bearer {SECRET}"}),
    ("POST", "/accounts/login/", {}),
]


@pytest.fixture(params=["lines", "json"])
def written(request: Any) -> Iterator[io.StringIO]:
    handler, written = made(request.param)
    loggers = [logging.getLogger("incidents.requests"), logging.getLogger("incidents.tests")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    yield written
    for logger in loggers:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)


def test_each_request_leaves_a_line_with_its_number(written: io.StringIO) -> None:
    client = Client()
    client.force_login(a_user())

    answer = client.get("/incidents/?q=zqvx")

    number = answer.headers["X-Request-ID"]
    (line,) = written.getvalue().splitlines()
    assert number in line
    assert "GET records:incidents 200" in line
    # What was asked for may be nobody's business.
    assert "zqvx" not in line


def test_a_number_of_the_proxy_is_kept(written: io.StringIO) -> None:
    answer = Client().get("/healthz/", headers={"X-Request-ID": "01J-proxy.7"})

    assert answer.headers["X-Request-ID"] == "01J-proxy.7"
    assert "01J-proxy.7" in written.getvalue()


@pytest.mark.parametrize(
    "number", ["a\nroot: everything is fine", "é", "x" * 65, "a b", '","a":"b']
)
def test_what_is_no_number_is_not(written: io.StringIO, number: str) -> None:
    answer = Client().get("/healthz/", headers={"X-Request-ID": number})

    assert number not in answer.headers["X-Request-ID"]
    assert number not in written.getvalue()
    assert len(written.getvalue().splitlines()) == 1


def test_nobody_begins_a_line_of_their_own(written: io.StringIO) -> None:
    sent = "x\n2026-01-01 00:00:00 ERROR root: forged\r\x1b[2J\x00\u2028y\u0085z"

    logging.getLogger("incidents.tests").warning("They sent %s", sent)

    told = written.getvalue()
    assert told.splitlines() == [told.rstrip("\n")]
    assert not set(told.rstrip("\n")) & {"\r", "\x1b", "\x00"}


@pytest.fixture
def written_by_django() -> Iterator[io.StringIO]:
    handler, written = made("lines")
    logging.getLogger("django").addHandler(handler)
    yield written
    logging.getLogger("django").removeHandler(handler)


def show(client: Client, method: str, path: str, headers: dict[str, str]) -> HttpResponse:
    sent = {"login": "ada", "password": SECRET} if method == "POST" else None
    return client.generic(
        method,
        path,
        urlencode(sent or {}),
        content_type="application/x-www-form-urlencoded",
        headers=headers,
    )


@pytest.mark.parametrize(("method", "path", "headers"), SHOWN)
def test_no_secret_is_told_by_what_breaks(
    method: str,
    path: str,
    headers: dict[str, str],
    written_by_django: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("It broke")

    monkeypatch.setattr(BaseHandler, "resolve_request", breaks)
    answer = show(Client(raise_request_exception=False), method, path, headers)

    assert answer.status_code == 500
    assert SECRET not in answer.text
    assert "It broke" in written_by_django.getvalue()
    assert SECRET not in written_by_django.getvalue()


@pytest.mark.parametrize(("method", "path", "headers"), SHOWN)
def test_nor_by_what_is_refused(
    method: str, path: str, headers: dict[str, str], written_by_django: io.StringIO
) -> None:
    show(Client(raise_request_exception=False), method, path, headers)

    assert SECRET not in written_by_django.getvalue()


def test_json_can_be_read() -> None:
    handler, written = made("json")
    logger = logging.getLogger("incidents.tests")
    logger.addHandler(handler)
    token = request_id.set("r-1")
    try:
        logger.error("It failed: %s", "why", extra={"job": 7, "request": object()})
    finally:
        request_id.reset(token)
        logger.removeHandler(handler)

    told = json.loads(written.getvalue())
    assert told.pop("timestamp").endswith("+00:00")
    assert told == {
        "level": "ERROR",
        "logger": "incidents.tests",
        "request_id": "r-1",
        "message": "It failed: why",
        "job": 7,
    }


def test_work_of_no_request_says_so() -> None:
    handler, written = made("lines")
    logger = logging.getLogger("incidents.tests")
    logger.addHandler(handler)
    logger.warning("By itself")
    logger.removeHandler(handler)

    assert "incidents.tests -: By itself" in written.getvalue()


class Pool:
    """Says what is wrong as psycopg's does, with the site's own setting, at a time of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        names = site.LOGGING["loggers"]["psycopg.pool"]["filters"]
        configurator = logging.config.DictConfigurator({"version": 1})
        filters = [dict(site.LOGGING["filters"][name]) for name in names]
        self.handler, self.written = made("lines")
        self.logger = logging.Logger("psycopg.pool", logging.INFO)
        self.logger.addHandler(self.handler)
        for one in filters:
            self.logger.addFilter(configurator.configure_custom({**one, "clock": lambda: self.now}))

    def told(self) -> list[str]:
        return [line.split(": ", 1)[1] for line in self.written.getvalue().splitlines()]


def test_what_is_wrong_with_all_requests_is_said_once_a_minute() -> None:
    pool = Pool()

    for pool.now in range(0, 150, 10):
        pool.logger.warning("error connecting in %r: %s", "pool-1", f"Refused, port {pool.now:.0f}")

    assert pool.told() == [
        "error connecting in 'pool-1': Refused, port 0",
        "error connecting in 'pool-1': Refused, port 60 (5 more like it since the one before)",
        "error connecting in 'pool-1': Refused, port 120 (5 more like it since the one before)",
    ]


def test_what_is_wrong_otherwise_is_said_at_once() -> None:
    pool = Pool()

    pool.logger.warning("error connecting in %r: %s", "pool-1", "Connection refused")
    pool.logger.warning("error connecting in %r: %s", "pool-1", "No such role")
    pool.logger.warning("discarding broken connection: %s", "<Connection at 0x7f01>")
    pool.logger.warning("discarding broken connection: %s", "<Connection at 0x8ab2>")
    # Nobody has asked for these but who set the level.
    for _ in range(2):
        pool.logger.info("adding new connection to the pool")

    assert len(pool.told()) == 5


def test_of_many_kinds_only_the_last_are_remembered() -> None:
    """Those that are forgotten are said anew."""
    pool = Pool()

    for number in range(300):
        pool.logger.warning("It broke in %s", "".join(chr(97 + int(one)) for one in str(number)))
    (filter_,) = pool.logger.filters

    assert len(pool.told()) == 300
    assert isinstance(filter_, NowAndThen)
    assert len(filter_.kinds) == 100


@pytest.mark.parametrize("format_", ["lines", "json"])
def test_times_are_those_of_utc(format_: str) -> None:
    handler, written = made(format_)
    record = logging.LogRecord("incidents.tests", logging.INFO, "", 0, "said", None, None)
    record.created = 0.0

    handler.handle(record)

    assert "1970-01-01T00:00:00" in written.getvalue()
    assert "+00:00" in written.getvalue()
