"""One machine with SQLite, from nothing, by the commands of its units and nothing else."""

import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from tests.deploy.machines import Deployment, until
from tests.deploy.units import ONE, Unit, read_environment, read_unit
from tests.deploy.visitor import Answer, Visitor
from tests.redis import free_port

pytestmark = pytest.mark.timeout(300)

PASSWORD = "k7m2p-aaaaa-bbbbb"
ADMIN = {
    "DJANGO_SUPERUSER_USERNAME": "ada",
    "DJANGO_SUPERUSER_EMAIL": "ada@example.com",
    "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
}
NEW = "/incidents/new/"
LONG_RUNNING = ("web", "light", "heavy")


def unit(name: str) -> Unit:
    return read_unit(ONE / f"postmortems-{name}.service")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Deployment]:
    backups = tmp_path / "backups"
    backups.mkdir()
    port = str(free_port())
    here = {"GRANIAN_PORT": port, "BACKUP_DIR": str(backups), "METRICS_TOKEN": "of-a-test"}
    site = Deployment(tmp_path, {**read_environment(ONE / "sqlite.env"), **here})
    try:
        yield site
    finally:
        site.end()


def test_it_works(site: Deployment) -> None:
    port, machine = int(site.settings["GRANIAN_PORT"]), site.machine("one")
    var = machine.state / "postmortems"
    if settings.TEST_MIGRATED and settings.TEST_MIGRATED.startswith("/"):
        shutil.copyfile(settings.TEST_MIGRATED, var / "site.sqlite3")
    warned = site.once(unit("prepare"), machine)
    # A site that has just been made has no backup.
    assert set(re.findall(r"\((\w+\.W\d+)\)", warned)) == {"incidents.W003"}, warned
    make_admin(site)
    names = [site.start(unit(name), machine) for name in LONG_RUNNING]
    visitor = Visitor()
    until(lambda: is_ready(visitor, port), site.said)

    assert visitor.sign_in(port, "ada", "something else").status == 200
    assert visitor.sign_in(port, "ada", PASSWORD).leads_to == "/"
    recorded = visitor.send(port, NEW, NEW, {"title": "Orders time out"})
    assert recorded.status == 302, recorded.text
    exported(visitor, port, recorded.leads_to)
    files_are_there(visitor, port)
    measured = visitor.get(port, "/metrics/", Authorization="Bearer of-a-test").text
    assert 'endpoint="records:new_incident",method="POST",status="302"} 1.0' in measured
    until(lambda: done_in(var) >= {"light", "heavy"}, site.said)
    until(lambda: any(Path(site.settings["BACKUP_DIR"]).glob("*.backup")), site.said)

    begun = time.monotonic()
    assert {name: site.stop(name) for name in names} == dict.fromkeys(names, 0)
    assert site.members() == [], f"Left after {time.monotonic() - begun:.0f} s."


def make_admin(site: Deployment) -> None:
    prepare, machine = unit("prepare"), site.machine("one")
    python = prepare.commands(machine)[0][0]
    environment = site.environment(prepare, machine, **ADMIN)
    site.do([python, "manage.py", "createsuperuser", "--no-input"], environment)


def is_ready(visitor: Visitor, port: int) -> bool:
    """It answers, and workers look into both queues."""
    try:
        answer = visitor.get(port, "/readyz/")
    except OSError:
        return False
    return answer.status == 200 and '"status": "ready"' in answer.text


def exported(visitor: Visitor, port: int, incident: str) -> None:
    asked = visitor.send(port, incident, f"{incident}export/", {"format": "json"})
    assert asked.status == 302, asked.text

    def file() -> Answer:
        return visitor.get(port, f"{asked.leads_to}file/")

    until(lambda: file().status == 200, "No export was written.")
    assert "Orders time out" in file().text


def files_are_there(visitor: Visitor, port: int) -> None:
    """By names with their hash, which the page knows from what was collected."""
    page = visitor.get(port, "/").text
    (style, *_) = [part for part in page.split('"') if part.startswith("/static/css/")]
    answer = visitor.get(port, style)
    assert (answer.status, answer.headers["content-type"]) == (200, 'text/css; charset="utf-8"')
    assert "immutable" in answer.headers["cache-control"]


def done_in(var: Path) -> set[str]:
    """The queues of which something was done."""
    with closing(sqlite3.connect(f"file:{var / 'site.sqlite3'}?mode=ro", uri=True)) as database:
        rows = database.execute("SELECT DISTINCT queue FROM incidents_job WHERE state = 'done'")
        return {queue for (queue,) in rows}
