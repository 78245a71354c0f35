"""One machine with PostgreSQL, from nothing, by the commands of its units and of its page.

The user of the database owns it, and may do nothing else.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.deploy.machines import Deployment, DidNotCome, until
from tests.deploy.test_one_machine import (
    LONG_RUNNING,
    NEW,
    PASSWORD,
    exported,
    files_are_there,
    is_ready,
    make_admin,
    unit,
)
from tests.deploy.units import ONE, read_environment
from tests.deploy.visitor import Visitor
from tests.postgres import Server, find_binaries, private_server
from tests.redis import free_port

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.of_database("postgresql"),
    pytest.mark.timeout(1800),
]

NAME = "postmortems"
"""Of the system's user, of the database's, and of the database."""
DONE = "SELECT DISTINCT queue FROM incidents_job WHERE state = 'done'"
TITLES = "SELECT title FROM incidents_incident ORDER BY id"


class Site(Deployment):
    server: Server

    @property
    def port(self) -> int:
        return int(self.settings["GRANIAN_PORT"])

    @property
    def backups(self) -> Path:
        return Path(self.settings["BACKUP_DIR"])

    def run(self, *words: str) -> str:
        """A command of the site, with the site's own settings."""
        prepare, machine = unit("prepare"), self.machine("one")
        python = prepare.commands(machine)[0][0]
        return self.do([python, "manage.py", *words], self.environment(prepare, machine))

    def begin(self, *names: str) -> list[str]:
        return [self.start(unit(name), self.machine("one")) for name in names]

    def as_root(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        way = {"host": str(self.server.socket_folder), "user": "postgres", "dbname": database}
        with psycopg.connect(**way, autocommit=True) as session:
            found = session.execute(statement.encode())
            return found.fetchall() if found.description else []

    def column(self, statement: str) -> list[object]:
        return [value for (value,) in self.as_root(statement, NAME)]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    backups = tmp_path / "backups"
    backups.mkdir()
    with private_server(find_binaries()) as server:
        here = {
            "DATABASE_URL": server.url(NAME).replace("postgres@", f"{NAME}@"),
            "GRANIAN_PORT": str(free_port()),
            "BACKUP_DIR": str(backups),
            "METRICS_TOKEN": "of-a-test",
        }
        site = Site(tmp_path, {**read_environment(ONE / "postgresql.env"), **here})
        site.server = server
        site.as_root(f"CREATE ROLE {NAME} LOGIN")
        site.as_root(f"CREATE DATABASE {NAME} OWNER {NAME}")
        try:
            yield site
        finally:
            site.end()


def test_it_works_and_is_restored_from_its_backup(site: Site) -> None:
    warned = site.once(unit("prepare"), site.machine("one"))
    # A site that has just been made has no backup.
    assert set(re.findall(r"\((\w+\.W\d+)\)", warned)) == {"incidents.W003"}, warned
    make_admin(site)
    names = site.begin(*LONG_RUNNING)
    visitor = Visitor()
    until(lambda: is_ready(visitor, site.port), site.said)

    assert visitor.sign_in(site.port, "ada", PASSWORD).leads_to == "/"
    incident = record(site, visitor, "Orders time out")
    exported(visitor, site.port, incident)
    files_are_there(visitor, site.port)
    until(lambda: set(site.column(DONE)) >= {"light", "heavy"}, site.said)
    until(lambda: any(site.backups.glob("*.backup")), site.said)

    worker_is_killed_and_comes_back(site, visitor, incident)
    file = site.backups / "by-hand.backup"
    assert "by-hand.backup" in site.run("backup", str(file))
    record(site, visitor, "After the backup")
    assert {name: site.stop(name) for name in names} == dict.fromkeys(names, 0)
    assert site.members() == []

    is_restored(site, file)
    site.begin("web")
    until(lambda: visitor_sees(visitor, site.port, incident), site.said)


def record(site: Site, visitor: Visitor, title: str) -> str:
    answer = visitor.send(site.port, NEW, NEW, {"title": title})
    assert answer.status == 302, answer.text
    return answer.leads_to


def worker_is_killed_and_comes_back(site: Site, visitor: Visitor, incident: str) -> None:
    """As systemd starts it anew after a second; what was asked for meanwhile is done then."""
    for name in ("light", "heavy"):
        site.kill(f"postmortems-{name}@one")
    asked = visitor.send(site.port, incident, f"{incident}export/", {"format": "md"})
    assert asked.status == 302, asked.text
    site.begin("light", "heavy")
    until(lambda: visitor.get(site.port, f"{asked.leads_to}file/").status == 200, site.said)


def is_restored(site: Site, file: Path) -> None:
    """With the right to make databases, as the page says, and not without."""
    with pytest.raises(DidNotCome, match="Nothing was restored"):
        site.run("restore", "--replace", str(file))
    assert site.column(TITLES) == ["Orders time out", "After the backup"]

    site.as_root(f"ALTER ROLE {NAME} CREATEDB")
    assert "each as it was" in site.run("restore", "--replace", str(file))
    assert site.column(TITLES) == ["Orders time out"]
    assert "0 wrong" in site.run("check_history")


def visitor_sees(visitor: Visitor, port: int, incident: str) -> bool:
    """Still signed in: sessions are restored, too."""
    try:
        return "Orders time out" in visitor.get(port, incident).text
    except OSError:
        return False
