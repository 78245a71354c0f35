"""The web server's first process is killed. Its workers end too, and leave the port to the next."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings

from incidents.management.commands.run_site import web_server
from tests.bench.server import ROOT, free_port, wait_until_it_answers
from tests.faults.killing.programs import database_url
from tests.faults.own_site import CUT, OwnSite
from tests.processes import ended, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

OWN, BARE = "postmortems.wsgi:application", "tests.faults.bare_wsgi:application"


def children(pid: int) -> list[int]:
    told = [one.read_text() for one in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for line in told for child in line.split()]


def is_alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def answers(site: OwnSite) -> bool:
    return site.get("/healthz/").status == 200


@contextmanager
def orphaned(target: str, var: Path) -> Iterator[tuple[OwnSite, list[int]]]:
    """granian has been killed; what is left of it. Nothing, afterwards."""
    (var / "static").mkdir()
    port, log = free_port(), var / "site.log"
    told = {"DATABASE_URL": database_url(), "VAR_DIR": str(var), "SECRET_KEY": settings.SECRET_KEY}
    known = {name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"}
    command = [*web_server(port)[:-1], target]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, "--workers", "2"],
            cwd=ROOT,
            env={**known, **told, "DJANGO_SETTINGS_MODULE": "tests.faults.served"},
            stdout=output,
            stderr=output,
        )
    workers: list[int] = []
    try:
        with ended(process):
            site = OwnSite(port, process.pid, log)
            wait_until_it_answers(process, port)
            assert until(lambda: answers(site) and len(children(process.pid)) == 2)
            workers = children(process.pid)
            process.kill()
            process.wait()
            yield site, workers
    finally:
        for pid in filter(is_alive, workers):
            os.kill(pid, signal.SIGKILL)


def test_its_workers_end_with_it(tmp_path: Path) -> None:
    with orphaned(OWN, tmp_path) as (site, workers):
        assert until(lambda: not any(map(is_alive, workers))), site.log.read_text()[-3000:]
        assert site.get("/healthz/") == CUT


def test_without_our_doing_they_go_on(tmp_path: Path) -> None:
    """The control."""
    with orphaned(BARE, tmp_path) as (site, workers):
        assert until(lambda: answers(site))
        assert all(map(is_alive, workers))
