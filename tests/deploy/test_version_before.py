"""The version before serves beside this one: both programs, one database that this one migrated."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import QuerySet

from incidents.models import Job, JobState
from tests.deploy import version_before
from tests.deploy.machines import Deployment, until
from tests.deploy.units import ONE, ROOT, read_unit
from tests.deploy.version_before import HistoryIsMissing, commit_before, unpack
from tests.deploy.visitor import NAME, Answer, Visitor
from tests.factories import a_lesson, a_runbook, a_user
from tests.faults.killing.programs import database_url
from tests.faults.own_site import signed_in
from tests.redis import free_port

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.history,
    pytest.mark.timeout(1200),
]

# Files by their own names: neither version has to collect them.
SETTINGS = """
from postmortems.settings import *
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
"""
NEW = "/incidents/new/"
PAGES = ("/", "/incidents/", "/runbooks/", "/lessons/", "/knobs/", "/factors/", "/actions/")


class Version(Deployment):
    """One program with processes of its own, on the database and the folders of both."""

    port: int

    @property
    def name(self) -> str:
        return self.root.name

    def begin(self, name: str) -> str:
        unit = read_unit(ONE / f"postmortems-{name}.service")
        return self.start(unit, self.machine(self.name))


def version(root: Path, folder: Path) -> Version:
    port = free_port()
    told = {
        "DJANGO_SETTINGS_MODULE": "both",
        "PYTHONPATH": str(folder / "settings"),
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": NAME,
        "EXPORT_DIR": str(folder / "exports"),
        "IMPORT_DIR": str(folder / "imports"),
        "GRANIAN_PORT": str(port),
    }
    made = Version(folder, told, root=root)
    made.port = port
    (made.machine(made.name).state / "postmortems" / "static").mkdir()
    return made


@pytest.fixture
def versions(tmp_path: Path) -> Iterator[tuple[Version, Version]]:
    """That before, and this one."""
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "both.py").write_text(SETTINGS)
    both = version(unpack(commit_before(), tmp_path), tmp_path), version(ROOT, tmp_path)
    try:
        yield both
    finally:
        for each in both:
            each.end()


@pytest.fixture
def visitor() -> Visitor:
    name, _, value = signed_in(a_user("admin")).partition("=")
    return Visitor({name: value})


def test_both_read_and_write_and_do_what_the_other_owes(
    versions: tuple[Version, Version], visitor: Visitor
) -> None:
    before, this = versions
    runbook, lesson = a_runbook(title="Make room", slug="room"), a_lesson()
    for each in versions:
        each.begin("web")
    for each in versions:
        until(lambda: answers(visitor, each.port), each.said)  # noqa: B023 (at once)

    for each, other in [(before, this), (this, before)]:
        incident = record(visitor, each, f"Orders fail {each.name}")
        change(visitor, other, incident, f"Orders stop {other.name}")
        assert f"Orders stop {other.name}" in read(visitor, each, incident)
        for page in [*PAGES, f"/runbooks/{runbook.slug}/", f"/lessons/LES-{lesson.pk}/"]:
            read(visitor, each, page)
        done_by(other, asked_of=each, of=incident, visitor=visitor)


def answers(visitor: Visitor, port: int) -> bool:
    try:
        return visitor.get(port, "/").status == 200
    except OSError:
        return False


def read(visitor: Visitor, where: Version, page: str) -> str:
    answer = visitor.get(where.port, page)
    assert answer.status == 200, f"{where.name} answers {page} with {answer.status}."
    return answer.text


def record(visitor: Visitor, where: Version, title: str) -> str:
    answer = visitor.send(where.port, NEW, NEW, {"title": title})
    assert answer.status == 302, answer.text
    return answer.leads_to


def change(visitor: Visitor, where: Version, incident: str, title: str) -> None:
    page = f"{incident}edit/"
    answer = visitor.send(where.port, page, page, {"title": title})
    assert answer.status == 302, answer.text


def done_by(worker: Version, *, asked_of: Version, of: str, visitor: Visitor) -> None:
    """No other worker runs, and both can give out the file."""
    asked = visitor.send(asked_of.port, of, f"{of}export/", {"format": "json"})
    assert asked.status == 302, asked.text
    running = worker.begin("heavy")

    def file(where: Version) -> Answer:
        return visitor.get(where.port, f"{asked.leads_to}file/")

    until(lambda: file(asked_of).status == 200, worker.said)
    assert file(worker).body == file(asked_of).body
    until(lambda: not undone().exists(), worker.said)
    worker.kill(running)


def undone() -> QuerySet[Job]:
    return Job.objects.filter(queue="heavy").exclude(state=JobState.DONE)


def test_what_is_run_is_another_program(tmp_path: Path) -> None:
    found = unpack(commit_before(), tmp_path)

    names = [{path.name for path in (root / "incidents").rglob("*.py")} for root in (found, ROOT)]
    assert (found / "manage.py").exists()
    assert names[0] != names[1]


def test_a_clone_without_its_history_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shallow = ["git", "clone", "--quiet", "--depth=1", f"file://{ROOT}", str(tmp_path / "clone")]
    subprocess.run(shallow, check=True)
    monkeypatch.setattr(version_before, "ROOT", tmp_path / "clone")

    with pytest.raises(HistoryIsMissing, match="git fetch --unshallow"):
        commit_before()
