"""Several machines: two of each by the commands of their units, PgBouncer in transaction mode,
PostgreSQL with a replica, Redis, and the balancer. Whichever is asked answers, and one of each may
die."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tests.deploy.machines import Deployment, until
from tests.deploy.nginx import find_nginx, private_nginx
from tests.deploy.pgbouncer import find_pgbouncer, private_pgbouncer
from tests.deploy.units import SEVERAL, Unit, read_environment, read_unit
from tests.deploy.visitor import Answer, Visitor, trusting
from tests.factories import a_lesson, a_runbook, a_user, an_incident
from tests.faults.own_postgres import NAME, OwnPostgres, own_postgres
from tests.faults.own_site import signed_in
from tests.postgres import Server, private_replica
from tests.redis import HOST, free_port, private_redis

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.of_database("postgresql"),
    pytest.mark.redis,
    pytest.mark.timeout(1800),
]

MACHINES = ("one", "two")
KINDS = ("web", "light", "heavy")
# Files by their own names: nobody has to collect them.
SETTINGS = """
from postmortems.settings import *
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
"""
PAGES = ("/", "/incidents/", "/runbooks/", "/runbooks/room/", "/lessons/", "/actions/")
NEW = "/incidents/new/"
DONE = "SELECT queue, count(*) FROM incidents_job WHERE state = 'done' GROUP BY queue"
REPLAYED = "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= %s::pg_lsn"


class Site(Deployment):
    postgres: OwnPostgres
    replica: Server
    ports: dict[str, int]
    balancer: int
    direct: dict[str, str]

    def begin(self, name: str, on: str) -> None:
        unit = unit_of(name)
        more = self.direct if "postmortems-direct.env" in unit.environment_files else {}
        own = {"GRANIAN_PORT": str(self.ports[on]), "GRANIAN_HOST": HOST}
        self.start(unit, self.machine(on), **more, **own)

    def done(self, queue: str) -> int:
        counts = dict(self.postgres.rows(DONE))
        return int(str(counts.get(queue, 0)))


def unit_of(name: str) -> Unit:
    return read_unit(SEVERAL / f"postmortems-{name}.service")


@pytest.fixture
def cookie() -> str:
    a_runbook(title="Make room", slug="room")
    a_lesson()
    an_incident(title="Orders time out")
    return signed_in(a_user("admin")).partition("=")[2]


@pytest.fixture
def site(cookie: str, tmp_path: Path) -> Iterator[Site]:
    pgbouncer, nginx = find_pgbouncer(), find_nginx()
    assert pgbouncer, "PgBouncer is not on this machine (PGBOUNCER_BIN, PATH)."
    assert nginx, "nginx is not on this machine (NGINX_BIN, PATH)."
    (tmp_path / "both.py").write_text(SETTINGS)
    (tmp_path / "nginx").mkdir()
    with ExitStack() as stack:
        postgres = stack.enter_context(own_postgres())
        replica = stack.enter_context(private_replica(postgres.server))
        redis = stack.enter_context(private_redis())
        host = str(postgres.server.socket_folder)
        named = {"host": host, "user": "postgres", "database": NAME}
        bouncer = stack.enter_context(private_pgbouncer(pgbouncer, **named))
        there = {
            "DJANGO_SETTINGS_MODULE": "both",
            "PYTHONPATH": str(tmp_path),
            "DATABASE_URL": f"postgres://postgres@{HOST}:{bouncer}/{NAME}",
            "BROKER_URL": redis.url,
            "SECRET_KEY": settings.SECRET_KEY,
            "EXPORT_DIR": str(tmp_path / "exports"),
            "IMPORT_DIR": str(tmp_path / "imports"),
            "BACKUP_DIR": "",
        }
        site = Site(tmp_path, {**read_environment(SEVERAL / "postmortems.env"), **there})
        stack.callback(site.end)
        site.postgres, site.replica = postgres, replica
        site.ports = {name: free_port() for name in MACHINES}
        site.direct = read_environment(SEVERAL / "postmortems-direct.env")
        site.direct["DATABASE_URL"] = postgres.url
        behind = list(site.ports.values())
        balancer = private_nginx(nginx, SEVERAL, tmp_path / "nginx", behind=behind)
        site.balancer = stack.enter_context(balancer).tls
        for name in MACHINES:
            (site.machine(name).state / "postmortems" / "static").mkdir()
        yield site


def test_it_works_and_goes_on_without_one_of_each(site: Site, cookie: str) -> None:
    visitor = Visitor({"__Host-sessionid": cookie}, trusting())
    for name in MACHINES:
        for each in KINDS:
            site.begin(each, on=name)
    site.begin("beat", on="one")
    for port in site.ports.values():
        until(lambda: is_ready(port), site.said)  # noqa: B023 (at once)

    # Signed in on one, signed in on the other.
    same_on_both(site, cookie)
    until(lambda: all_answer(site, visitor), site.said)
    incident = record(site, visitor, "Orders fail")
    export(site, visitor, incident, "Orders fail")

    for each in KINDS:
        site.kill(f"postmortems-{each}@one")
    until(lambda: all_answer(site, visitor), "What is left does not answer.")
    after = record(site, visitor, "Orders fail again")
    export(site, visitor, after, "Orders fail again")
    until(lambda: site.done("light") > 0, site.said)
    until(lambda: site.done("heavy") == 2, site.said)

    has_arrived(site)


def is_ready(port: int) -> bool:
    """It answers, the broker does, and workers look into both queues."""
    try:
        answer = Visitor().get(port, "/readyz/")
    except OSError:
        return False
    return answer.status == 200 and '"workers": "ok"' in answer.text


def same_on_both(site: Site, cookie: str) -> None:
    visitor = Visitor({"__Host-sessionid": cookie})
    for page in PAGES:
        until(lambda: is_same(site, visitor, page), page)  # noqa: B023 (at once)


def is_same(site: Site, visitor: Visitor, page: str) -> bool:
    answers = [visitor.get(port, page) for port in site.ports.values()]
    first, second = map(to_read, answers)
    return [answer.status for answer in answers] == [200, 200] and first == second


def to_read(answer: Answer) -> str:
    """What people see; tokens of forms are each answer's own."""
    return re.sub(r"<[^>]*>", "", answer.text)


def all_answer(site: Site, visitor: Visitor) -> bool:
    """Each page twice, through the balancer: whichever it asks."""
    return {visitor.get(site.balancer, page).status for page in PAGES * 2} == {200}


def record(site: Site, visitor: Visitor, title: str) -> str:
    answer = visitor.send(site.balancer, NEW, NEW, {"title": title})
    assert answer.status == 302, answer.text
    assert title in visitor.get(site.balancer, answer.leads_to).text
    return answer.leads_to


def export(site: Site, visitor: Visitor, incident: str, title: str) -> None:
    """Asked of one, written by a worker, fetched from whichever."""
    asked = visitor.send(site.balancer, incident, f"{incident}export/", {"format": "json"})
    assert asked.status == 302, asked.text

    def file() -> Answer:
        return visitor.get(site.balancer, f"{asked.leads_to}file/")

    until(lambda: file().status == 200, site.said)
    assert title in file().text


def has_arrived(site: Site) -> None:
    """What is written on the server is on the replica, which takes nothing from others."""
    ((written,),) = site.postgres.rows("SELECT pg_current_wal_lsn()::text")
    way = {"host": str(site.replica.socket_folder), "user": "postgres", "dbname": NAME}
    with psycopg.connect(**way, autocommit=True) as session:
        until(
            lambda: session.execute(REPLAYED, [written]).fetchone() == (True,),
            "The replica does not follow.",
        )
        titles = session.execute("SELECT title FROM incidents_incident ORDER BY id").fetchall()
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            session.execute("DELETE FROM incidents_incident")
    assert titles[-2:] == [("Orders fail",), ("Orders fail again",)]
